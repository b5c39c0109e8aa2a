package io.skyroll.sinks.publish;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.skyroll.sinks.hats.LeafRule;

/**
 * What decides how a catalog's rows are divided into leaves and row groups. It is fixed for a generation: two versions with different
 * layouts could not share files.
 *
 * @param partitions partitions of the sky topic
 * @param lowestOrder no leaf is larger than a cell of this order
 * @param highestOrder no leaf is smaller than a cell of this order
 * @param thresholdRows the most rows of a leaf, unless a cell of the highest order has more
 * @param dropEmptySiblings whether a leaf is named by the smallest cell that holds its rows, as far as the highest order in use allows
 * @param groupRows the most rows of a row group, unless a cell of order 29 has more
 */
public record Layout(
        @JsonProperty("partitions") int partitions,
        @JsonProperty("lowest_order") int lowestOrder,
        @JsonProperty("highest_order") int highestOrder,
        @JsonProperty("pixel_threshold_rows") long thresholdRows,
        @JsonProperty("drop_empty_siblings") boolean dropEmptySiblings,
        @JsonProperty("row_group_rows") long groupRows) {

    public Layout {
        if (groupRows < 1) {
            throw new IllegalArgumentException("row_group_rows must be above 0: %d".formatted(groupRows));
        }
    }

    /** How rows are divided into leaves. */
    public LeafRule rule() {
        return new LeafRule(lowestOrder, highestOrder, thresholdRows, dropEmptySiblings);
    }
}
