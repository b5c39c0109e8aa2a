/**
 * The embedded stack: one Kafka node, one schema registry and one PostgreSQL server, each over a directory that outlives it.
 *
 * <p>Skyroll runs over it where no servers are named, and the integration tests of all modules run over it too. Each part may
 * die with its JVM at any moment and starts again on the same directory with everything it had acknowledged.
 */
@NullMarked
package io.skyroll.local;

import org.jspecify.annotations.NullMarked;
