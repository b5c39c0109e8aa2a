/** Merges unpublished rows into a partition's leaves. */
@NullMarked
package io.skyroll.sinks.merge;

import org.jspecify.annotations.NullMarked;
