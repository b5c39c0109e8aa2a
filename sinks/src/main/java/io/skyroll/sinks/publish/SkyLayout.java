package io.skyroll.sinks.publish;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.skyroll.sinks.hats.BorderRule;
import io.skyroll.sinks.hats.LeafNames;
import io.skyroll.sinks.hats.LeafRule;
import io.skyroll.sinks.hats.OrderMaxima;
import java.util.List;

/**
 * How the rows of a HATS catalog are divided into leaves and row groups.
 *
 * @param partitions partitions of the sky topic
 * @param lowestOrder no leaf is larger than a cell of this order
 * @param highestOrder no leaf is smaller than a cell of this order
 * @param thresholdRows the most rows of a leaf, unless a cell of the highest order has more
 * @param dropEmptySiblings whether a leaf is named by the smallest cell that holds its rows, as far as the highest order in use allows
 * @param groupRows the most rows of a row group, unless a cell of order 29 has more
 * @param marginThresholdArcsec how far margins reach, in arc seconds; 0 without margins
 */
public record SkyLayout(
        @JsonProperty("partitions") int partitions,
        @JsonProperty("lowest_order") int lowestOrder,
        @JsonProperty("highest_order") int highestOrder,
        @JsonProperty("pixel_threshold_rows") long thresholdRows,
        @JsonProperty("drop_empty_siblings") boolean dropEmptySiblings,
        @JsonProperty("row_group_rows") long groupRows,
        @JsonProperty("margin_threshold_arcsec") double marginThresholdArcsec)
        implements Layout {

    public SkyLayout {
        if (groupRows < 1) {
            throw new IllegalArgumentException("row_group_rows must be above 0: %d".formatted(groupRows));
        }
        int marginOrder = BorderRule.orderOf(marginThresholdArcsec);
        if (marginThresholdArcsec != 0 && marginOrder <= highestOrder) {
            throw new IllegalArgumentException(
                    "the order of a margin's cells must be above highest_order: it is %d for %s arcsec, and highest_order is %d"
                            .formatted(marginOrder, marginThresholdArcsec, highestOrder));
        }
    }

    @Override
    public String kind() {
        return "hats";
    }

    @Override
    public int marginOrder() {
        return BorderRule.orderOf(marginThresholdArcsec);
    }

    /** Which rows of a leaf are at its border. */
    public BorderRule border() {
        return new BorderRule(marginOrder());
    }

    /** How rows are divided into leaves. */
    public LeafRule rule() {
        return new LeafRule(lowestOrder, highestOrder, thresholdRows, dropEmptySiblings);
    }

    /** What leaves are called in a version, given the manifests of all partitions. */
    public LeafNames names(List<SkyManifest> manifests) {
        OrderMaxima sky = manifests.stream()
                .map(manifest -> new OrderMaxima(lowestOrder, manifest.maxPerOrder()))
                .reduce(OrderMaxima::max)
                .orElseThrow();
        return LeafNames.of(rule(), sky);
    }
}
