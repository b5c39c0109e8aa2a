/** Follows a database's committed changes and writes them into rows topics, behind the snapshot that they follow. */
@NullMarked
package io.skyroll.producers.changes;

import org.jspecify.annotations.NullMarked;
