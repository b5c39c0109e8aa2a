package io.skyroll.sinks.verify;

import io.skyroll.healpix.Healpix;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.published.CatalogFile;
import io.skyroll.sinks.published.PublishedCatalog;
import io.skyroll.sinks.published.SkyMap;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Compares the maps of a catalog with its rows, cell by cell. Owned by one thread. */
final class MapsCheck {
    private static final Pattern SKYMAP = Pattern.compile("skymap(?:\\.(\\d{1,2}))?\\.fits");

    private final PublishedCatalog catalog;
    private final Check check;
    /** Orders of the maps that can be read, by file. */
    private final Map<String, Integer> maps = new TreeMap<>();

    private final CellTally tally;

    /** Looks at which maps there are. */
    MapsCheck(PublishedCatalog catalog, List<CatalogFile> files, Check check) {
        this.catalog = catalog;
        this.check = check;
        for (CatalogFile file : files) {
            if (isMap(file.path())) {
                String path = catalog.path(file.path());
                check.attempt(path, () -> {
                    try (SkyMap map = SkyMap.open(catalog.store(), path)) {
                        maps.put(file.path(), map.order());
                    }
                });
            }
        }
        checkOrders();
        int finest = maps.values().stream().mapToInt(order -> order).max().orElse(0);
        tally = new CellTally(Math.min(finest, CellTally.MAX_ORDER));
    }

    static boolean isMap(String file) {
        return file.equals(CatalogLayout.POINT_MAP) || SKYMAP.matcher(file).matches();
    }

    /** Takes the rows. */
    CellTally tally() {
        return tally;
    }

    /** Compares, when all rows were counted. */
    void compare() {
        maps.forEach((file, order) -> {
            String path = catalog.path(file);
            check.attempt(path, () -> {
                try (SkyMap map = SkyMap.open(catalog.store(), path)) {
                    compare(path, map);
                }
            });
        });
        check.saw(
                "%s",
                maps.isEmpty()
                        ? "none"
                        : maps.entrySet().stream()
                                .map(map -> "%s of order %d".formatted(map.getKey(), map.getValue()))
                                .collect(Collectors.joining(", ")));
    }

    private void compare(String path, SkyMap map) throws IOException {
        int order = Math.min(map.order(), tally.order());
        Sums sums = new Sums(path, order);
        int shift = 2 * (map.order() - order);
        map.forEach((cell, count) -> sums.add(cell >>> shift, count));
        sums.finish();
    }

    private void checkOrders() {
        String properties = catalog.properties().path();
        SortedSet<Integer> alternatives = new TreeSet<>();
        maps.forEach((file, order) -> {
            Matcher matcher = SKYMAP.matcher(file);
            if (!matcher.matches()) {
                return;
            }
            if (matcher.group(1) == null) {
                String said = catalog.properties().text("hats_skymap_order");
                if (!said.equals(Integer.toString(order))) {
                    check.found(properties, "hats_skymap_order must be %d, the order of %s: '%s'", order, file, said);
                }
            } else {
                alternatives.add(Integer.parseInt(matcher.group(1)));
                if (order != Integer.parseInt(matcher.group(1))) {
                    check.found(catalog.path(file), "its name says another order than its header, %d", order);
                }
            }
        });
        List<String> said = new ArrayList<>(catalog.properties().list("hats_skymap_alt_orders"));
        List<String> there = alternatives.stream().map(Object::toString).toList();
        if (!new TreeSet<>(said).equals(new TreeSet<>(there))) {
            check.found(properties, "hats_skymap_alt_orders must be the orders of the maps, %s: %s", there, said);
        }
    }

    /** Puts the cells of a map together until they are as large as those of the comparison. */
    private final class Sums {
        private final String path;
        private final int order;
        private long cell;
        private long sum;

        Sums(String path, int order) {
            this.path = path;
            this.order = order;
        }

        void add(long next, long count) {
            while (cell < next) {
                close();
            }
            sum += count;
        }

        void finish() {
            while (cell < Healpix.pixelCount(order)) {
                close();
            }
        }

        private void close() {
            long rows = tally.rows(order, cell);
            if (sum != rows) {
                check.found(path, "cell %d of order %d must count %d rows: %d", cell, order, rows, sum);
            }
            cell++;
            sum = 0;
        }
    }
}
