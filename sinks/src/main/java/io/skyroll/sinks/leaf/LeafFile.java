package io.skyroll.sinks.leaf;

/**
 * What was written as a leaf file.
 *
 * @param rows number of rows
 * @param bytes size of the file
 * @param sha256 of the file's bytes, lower-case hex
 * @param groups number of row groups
 */
public record LeafFile(long rows, long bytes, String sha256, int groups) {}
