package io.skyroll.sinks.merge;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.skyroll.healpix.Pixel;

/**
 * A leaf as a manifest lists it. Its rows are those of the cell {@code top}; what it is called in a version depends on the whole sky.
 *
 * @param top the cell whose rows these are
 * @param branch the first cell from top down its single-child chain that has two or more non-empty children, else the chain's cell of
 *     the highest order
 * @param rows number of rows, from 1
 * @param groups number of row groups
 * @param bytes size of the file
 * @param sha256 of the file, lower-case hex
 * @param file path of the file in the pool
 */
public record Leaf(
        @JsonProperty("top") Pixel top,
        @JsonProperty("branch") Pixel branch,
        @JsonProperty("rows") long rows,
        @JsonProperty("groups") int groups,
        @JsonProperty("bytes") long bytes,
        @JsonProperty("sha256") String sha256,
        @JsonProperty("file") String file) {}
