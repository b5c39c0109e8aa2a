package io.skyroll.sinks.merge;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * A border file as a manifest lists it: copies of those rows of a leaf that may belong to the margins of others, in leaf order.
 *
 * @param rows number of rows, from 1
 * @param bytes size of the file
 * @param sha256 of the file, lower-case hex
 * @param file path of the file in the pool
 */
public record Border(
        @JsonProperty("rows") long rows,
        @JsonProperty("bytes") long bytes,
        @JsonProperty("sha256") String sha256,
        @JsonProperty("file") String file) {}
