package io.skyroll.sinks.leaf;

/**
 * A row group of a leaf file.
 *
 * @param rows number of rows, from 1
 * @param firstHealpix the smallest HEALPix-29 value in the group
 * @param lastHealpix the largest HEALPix-29 value in the group (inclusive)
 */
public record LeafGroup(long rows, long firstHealpix, long lastHealpix) {}
