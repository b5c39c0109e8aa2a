package io.skyroll.sinks.merge;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.LeafCell;
import java.util.Optional;

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
 * @param border its border file, empty if no row is at the border
 */
public record Leaf(
        @JsonProperty("top") Pixel top,
        @JsonProperty("branch") Pixel branch,
        @JsonProperty("rows") long rows,
        @JsonProperty("groups") int groups,
        @JsonProperty("bytes") long bytes,
        @JsonProperty("sha256") String sha256,
        @JsonProperty("file") String file,
        @JsonProperty("border") Optional<Border> border) {

    /** Size of the file and of its border file. */
    public long bytesWithBorder() {
        return bytes + border.map(Border::bytes).orElse(0L);
    }

    /** The leaf as the rules of naming see it. */
    public LeafCell cell() {
        return new LeafCell(top, branch, rows);
    }
}
