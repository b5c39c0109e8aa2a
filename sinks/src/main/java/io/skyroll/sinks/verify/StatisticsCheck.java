package io.skyroll.sinks.verify;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.published.CatalogFile;
import io.skyroll.sinks.published.PublishedCatalog;
import io.skyroll.sinks.published.TableFile;
import io.skyroll.sinks.published.TableRows;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.parquet.column.statistics.Statistics;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;

/**
 * Compares {@code per_partition_statistics.parquet} with the footers of the leaves: a row for every row group. The size in memory, which
 * depends on the reader, is passed over.
 */
final class StatisticsCheck {
    private static final List<String> PLACE = List.of("Norder", "Npix", "row_group_index");
    private static final List<String> KINDS =
            List.of("min_value", "max_value", "null_count", "row_count", "disk_bytes");

    private final PublishedCatalog catalog;
    private final Check check;
    private final String path;
    private final Map<Pixel, CatalogFile> leaves;
    private final Set<String> seen = new HashSet<>();
    private String openPath = "";
    private List<BlockMetaData> openGroups = List.of();

    StatisticsCheck(PublishedCatalog catalog, List<CatalogFile> leaves, Check check) {
        this.catalog = catalog;
        this.check = check;
        this.path = catalog.path(FilesCheck.STATISTICS);
        this.leaves = leaves.stream()
                .collect(Collectors.toMap(
                        leaf -> leaf.pixel().orElseThrow(), leaf -> leaf, (one, other) -> one, TreeMap::new));
    }

    void compare() {
        check.attempt(path, () -> {
            try (TableFile table = TableFile.open(catalog.store(), path)) {
                compare(table);
            }
        });
        long[] groups = {0};
        leaves.forEach((pixel, leaf) -> check.attempt(catalog.path(leaf.path()), () -> {
            int count = groups(leaf).size();
            groups[0] += count;
            for (int group = 0; group < count; group++) {
                if (!seen.contains(place(pixel, group))) {
                    check.found(path, "row group %d of %s is missing", group, leaf.path());
                }
            }
        }));
        check.saw("%,d rows for %,d row groups", seen.size(), groups[0]);
    }

    private void compare(TableFile table) throws IOException {
        List<Item> items = items(table.schema());
        List<String> columns = new ArrayList<>(PLACE);
        items.forEach(item -> columns.add(item.column));
        for (int group = 0; group < table.groupCount(); group++) {
            for (TableRows row = table.rows(group, columns); row.next(); ) {
                compare(row, items);
            }
        }
    }

    private static List<Item> items(MessageType schema) {
        List<Item> items = new ArrayList<>();
        schema.getFields().forEach(field -> {
            int at = field.getName().lastIndexOf("::");
            if (at > 0 && KINDS.contains(field.getName().substring(at + 2))) {
                items.add(new Item(
                        field.getName(),
                        field.getName().substring(0, at),
                        field.getName().substring(at + 2),
                        field.asPrimitiveType()));
            }
        });
        return items;
    }

    private void compare(TableRows row, List<Item> items) throws IOException {
        Pixel pixel = new Pixel((int) row.integer(0), row.integer(1));
        int group = (int) row.integer(2);
        CatalogFile leaf = leaves.get(pixel);
        if (leaf == null || group < 0 || group >= groups(leaf).size()) {
            check.found(
                    path,
                    "it has row group %d of pixel %d of order %d, which is not there",
                    group,
                    pixel.npix(),
                    pixel.order());
            return;
        }
        if (!seen.add(place(pixel, group))) {
            check.found(path, "row group %d of %s comes twice", group, leaf.path());
        }
        Map<String, ColumnChunkMetaData> chunks = new TreeMap<>();
        groups(leaf).get(group).getColumns().forEach(chunk -> chunks.put(name(chunk), chunk));
        for (int i = 0; i < items.size(); i++) {
            Item item = items.get(i);
            ColumnChunkMetaData chunk = chunks.get(item.leafColumn);
            if (chunk == null) {
                check.found(
                        path, "it has the column '%s', and %s has no '%s'", item.column, leaf.path(), item.leafColumn);
            } else {
                compare(row, PLACE.size() + i, item, chunk, "row group %d of %s".formatted(group, leaf.path()));
            }
        }
    }

    private void compare(TableRows row, int column, Item item, ColumnChunkMetaData chunk, String place) {
        Statistics<?> statistics = chunk.getStatistics();
        switch (item.kind) {
            case "null_count" -> {
                if (statistics != null && statistics.isNumNullsSet()) {
                    compare(row, column, item, statistics.getNumNulls(), place);
                }
            }
            case "row_count" -> compare(row, column, item, chunk.getValueCount(), place);
            case "disk_bytes" -> compare(row, column, item, chunk.getTotalSize(), place);
            default -> {
                if (statistics != null && statistics.hasNonNullValue() && isOfOneForm(item, chunk)) {
                    byte[] bound = item.kind.equals("min_value") ? statistics.getMinBytes() : statistics.getMaxBytes();
                    if (row.isNull(column) || !java.util.Arrays.equals(bound, row.plainBytes(column))) {
                        String text =
                                item.kind.equals("min_value") ? statistics.minAsString() : statistics.maxAsString();
                        check.found(path, "%s: %s must be %s", place, item.column, text);
                    }
                }
            }
        }
    }

    /** Other writers keep some bounds in other types. */
    private static boolean isOfOneForm(Item item, ColumnChunkMetaData chunk) {
        return item.type.getPrimitiveTypeName() == chunk.getPrimitiveType().getPrimitiveTypeName()
                && Optional.ofNullable(item.type.getLogicalTypeAnnotation())
                        .equals(Optional.ofNullable(chunk.getPrimitiveType().getLogicalTypeAnnotation()));
    }

    private void compare(TableRows row, int column, Item item, long expected, String place) {
        if (row.isNull(column) || row.number(column) != expected) {
            check.found(
                    path,
                    "%s: %s must be %d: %s",
                    place,
                    item.column,
                    expected,
                    row.isNull(column) ? "null" : Double.toString(row.number(column)));
        }
    }

    private static String name(ColumnChunkMetaData chunk) {
        return chunk.getPath().toDotString().replaceFirst("\\.list\\.element$", "");
    }

    private static String place(Pixel pixel, int group) {
        return pixel.order() + "/" + pixel.npix() + "/" + group;
    }

    private List<BlockMetaData> groups(CatalogFile leaf) throws IOException {
        if (!openPath.equals(leaf.path())) {
            try (TableFile table = TableFile.open(catalog.store(), catalog.path(leaf.path()))) {
                openGroups = table.groups();
                openPath = leaf.path();
            }
        }
        return openGroups;
    }

    private record Item(String column, String leafColumn, String kind, PrimitiveType type) {}
}
