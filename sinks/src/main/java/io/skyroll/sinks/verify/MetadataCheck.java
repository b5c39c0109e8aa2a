package io.skyroll.sinks.verify;

import io.skyroll.sinks.published.PublishedCatalog;
import io.skyroll.sinks.published.TableFile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;

/** Compares the row groups that {@code dataset/_metadata} lists with those of the files. */
final class MetadataCheck {
    private static final String DATASET = "dataset/";

    private final PublishedCatalog catalog;
    private final Check check;
    private final String path;

    MetadataCheck(PublishedCatalog catalog, Check check) {
        this.catalog = catalog;
        this.check = check;
        this.path = catalog.path(FilesCheck.METADATA);
    }

    /** @param files paths of the files that it must list, relative to the catalog */
    void compare(List<String> files) {
        check.attempt(path, () -> {
            try (TableFile metadata = TableFile.open(catalog.store(), path)) {
                compare(metadata, files);
            }
        });
    }

    private void compare(TableFile metadata, List<String> files) throws IOException {
        Map<String, List<BlockMetaData>> listed = new LinkedHashMap<>();
        for (BlockMetaData group : metadata.groups()) {
            String file = group.getPath() == null ? "" : DATASET + group.getPath();
            listed.computeIfAbsent(file, none -> new ArrayList<>()).add(group);
        }
        Set<String> there = new TreeSet<>(files);
        listed.keySet().stream()
                .filter(file -> !there.contains(file))
                .forEach(file -> check.found(path, "it lists row groups of '%s', which is not there", file));
        for (String file : there) {
            List<BlockMetaData> groups = listed.get(file);
            if (groups == null) {
                check.found(path, "it lists no row group of %s", file);
            } else {
                check.attempt(catalog.path(file), () -> {
                    try (TableFile table = TableFile.open(catalog.store(), catalog.path(file))) {
                        SchemaDifference.of(table.schema(), metadata.schema())
                                .ifPresent(difference -> check.found(path, "against %s: %s", file, difference));
                        compare(file, table.groups(), groups);
                    }
                });
            }
        }
        check.saw("%,d row groups of %,d files", metadata.groups().size(), listed.size());
    }

    private void compare(String file, List<BlockMetaData> groups, List<BlockMetaData> listed) {
        if (groups.size() != listed.size()) {
            check.found(path, "%s must have %d row groups: %d", file, groups.size(), listed.size());
            return;
        }
        for (int group = 0; group < groups.size(); group++) {
            BlockMetaData expected = groups.get(group);
            BlockMetaData found = listed.get(group);
            if (expected.getRowCount() != found.getRowCount()) {
                check.found(
                        path,
                        "row group %d of %s must have %d rows: %d",
                        group,
                        file,
                        expected.getRowCount(),
                        found.getRowCount());
            }
            Optional<String> column = differingColumn(expected, found);
            if (column.isPresent()) {
                check.found(path, "row group %d of %s: column %s is described otherwise", group, file, column.get());
            }
        }
    }

    private static Optional<String> differingColumn(BlockMetaData expected, BlockMetaData found) {
        for (int i = 0;
                i < Math.min(expected.getColumns().size(), found.getColumns().size());
                i++) {
            ColumnChunkMetaData wanted = expected.getColumns().get(i);
            ColumnChunkMetaData given = found.getColumns().get(i);
            if (!wanted.getPath().equals(given.getPath())
                    || wanted.getStartingPos() != given.getStartingPos()
                    || wanted.getTotalSize() != given.getTotalSize()
                    || wanted.getValueCount() != given.getValueCount()
                    || !String.valueOf(wanted.getStatistics()).equals(String.valueOf(given.getStatistics()))) {
                return Optional.of(wanted.getPath().toDotString());
            }
        }
        return expected.getColumns().size() == found.getColumns().size()
                ? Optional.empty()
                : Optional.of("%d of %d"
                        .formatted(
                                found.getColumns().size(), expected.getColumns().size()));
    }
}
