package io.skyroll.sinks.parquet;

/**
 * A Parquet file that belongs to a dataset.
 *
 * @param file its path in the store
 * @param name its path relative to the dataset's directory, as readers know it
 * @param rows number of rows
 * @param groups number of row groups
 */
public record DatasetFile(String file, String name, long rows, int groups) {}
