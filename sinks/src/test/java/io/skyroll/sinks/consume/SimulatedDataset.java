package io.skyroll.sinks.consume;

import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.sinks.dataset.DatasetProperties;
import io.skyroll.sinks.dataset.FileRule;
import io.skyroll.sinks.dataset.FolderRule;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.PlainLeaves;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.memtable.Star;
import io.skyroll.sinks.publish.DatasetLayout;
import io.skyroll.sinks.publish.DatasetManifestWriter;
import io.skyroll.sinks.publish.DatasetSettings;
import io.skyroll.sinks.publish.DatasetVersionDirectory;
import io.skyroll.sinks.publish.Layout;
import io.skyroll.sinks.publish.ManifestWriter;
import io.skyroll.sinks.publish.VersionDirectory;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Supplier;

/** Files in folders, or one file. */
final class SimulatedDataset implements SimulatedOutput {
    private final DatasetLayout layout;
    private final DatasetSettings settings;

    SimulatedDataset(Random random, int partitions) {
        boolean isSingle = random.nextInt(3) == 0;
        layout = new DatasetLayout.OnSky(
                partitions,
                isSingle || random.nextBoolean() ? List.of() : List.of(FolderRule.parse("value")),
                isSingle);
        FileRule rule = isSingle
                ? FileRule.oneFile(3, 1 << 20)
                : new FileRule(3, 1 << 20, 100 + random.nextInt(400), 1 + random.nextInt(20), Duration.ofSeconds(5));
        settings = new DatasetSettings(CATALOG, "skyroll v0", RETAINED, rule, 1 << 20);
    }

    @Override
    public Layout layout() {
        return layout;
    }

    @Override
    public ManifestWriter writer(Store store, SchemaRegistry registry, Supplier<String> names) {
        return new DatasetManifestWriter(store, registry, settings, (schema, constants) -> new PlainLeaves(), names);
    }

    @Override
    public VersionDirectory directory(Store store) {
        return new DatasetVersionDirectory(
                store, settings, (schema, constants) -> new PlainLeaves(), (schema, leftOut) -> new byte[0]);
    }

    @Override
    public String pointerFile() {
        return DatasetProperties.POINTER;
    }

    @Override
    public String pointed(byte[] pointer) {
        return DatasetProperties.parse(DatasetProperties.POINTER, pointer).text(DatasetProperties.VERSION);
    }

    @Override
    public Optional<Position> cut(Store store, String directory) throws IOException {
        return store.read(directory + "/" + DatasetProperties.OF_VERSION)
                .map(text -> Position.parse(DatasetProperties.parse(DatasetProperties.OF_VERSION, text)
                        .text("position")));
    }

    @Override
    public List<Star> rows(Store store, String directory) throws IOException {
        List<Star> stars = new ArrayList<>();
        for (Store.Entry entry : store.list(directory)) {
            if (entry.isDirectory()) {
                for (Star star : rows(store, directory + "/" + entry.name())) {
                    if (!entry.name().equals("value=" + star.value())) {
                        throw new AssertionError("%s is in %s of %s".formatted(star, entry.name(), directory));
                    }
                    stars.add(star);
                }
            } else if (entry.name().endsWith(".parquet")) {
                read(store, directory + "/" + entry.name(), stars);
            }
        }
        return stars;
    }

    private static void read(Store store, String path, List<Star> stars) throws IOException {
        try (LeafReader file = new PlainLeaves().open(store.open(path))) {
            for (int group = 0; group < file.groups().size(); group++) {
                for (RowCursor rows = file.rows(group); rows.next(); ) {
                    stars.add(Star.at(rows));
                }
            }
        }
    }
}
