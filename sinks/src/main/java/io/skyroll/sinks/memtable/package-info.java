/** Unpublished rows of a sky topic partition, in memory and, over the budget, in sorted runs on local disk. */
@NullMarked
package io.skyroll.sinks.memtable;

import org.jspecify.annotations.NullMarked;
