/** Unpublished rows of a sky topic partition, in memory. */
@NullMarked
package io.skyroll.sinks.memtable;

import org.jspecify.annotations.NullMarked;
