/**
 * The settings of a PostgreSQL connection, found as libpq finds them: parameters and connection strings, service files,
 * {@code PG*} environment variables, password files and defaults. What works with {@code psql} works here, over TCP.
 */
@NullMarked
package io.skyroll.producers.libpq;

import org.jspecify.annotations.NullMarked;
