package io.skyroll.app.plan;

import io.skyroll.app.config.OutputConfig;
import io.skyroll.app.plan.PipelinePlan.Leaves;
import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import io.skyroll.producers.snapshot.SkySample.Place;
import io.skyroll.sinks.hats.CellCounts;
import io.skyroll.sinks.hats.LeafCell;
import io.skyroll.sinks.hats.LeafNames;
import io.skyroll.sinks.hats.LeafRule;
import io.skyroll.sinks.hats.LocalLeaves;
import java.util.IntSummaryStatistics;
import java.util.List;

/** Finds the leaves that rows would make: by the sinks' own rule, with a limit as much smaller as the sample is than the table. */
final class LeafForecast {

    private LeafForecast() {}

    /**
     * The leaves of a catalog.
     *
     * @param places of rows of a sample
     * @param rows how many rows the sample stands for
     */
    static Leaves of(List<Place> places, long rows, OutputConfig.Hats catalog) {
        if (places.isEmpty()) {
            return new Leaves(0, catalog.lowestOrder(), catalog.lowestOrder(), 0);
        }
        double rowsPerPlace = Math.max(1, (double) rows / places.size());
        LeafRule rule = new LeafRule(
                catalog.lowestOrder(),
                catalog.highestOrder(),
                Math.max(1, Math.round(catalog.thresholdRows() / rowsPerPlace)),
                catalog.dropEmptySiblings());
        LocalLeaves leaves = LocalLeaves.of(counts(places, catalog.highestOrder()), rule);
        LeafNames names = LeafNames.of(rule, leaves.maxima());
        IntSummaryStatistics orders =
                leaves.leaves().stream().map(names::name).mapToInt(Pixel::order).summaryStatistics();
        long fullest = leaves.leaves().stream().mapToLong(LeafCell::rows).max().orElse(0);
        return new Leaves(leaves.leaves().size(), orders.getMin(), orders.getMax(), Math.round(fullest * rowsPerPlace));
    }

    private static CellCounts counts(List<Place> places, int order) {
        CellCounts.Builder counts = CellCounts.builder(order);
        places.stream()
                .mapToLong(place -> Healpix.pixel(Healpix.MAX_ORDER, place.ra(), place.dec()))
                .sorted()
                .forEach(counts::addHealpix29);
        return counts.build();
    }
}
