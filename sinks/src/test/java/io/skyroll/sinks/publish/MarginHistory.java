package io.skyroll.sinks.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.sinks.catalog.CatalogExtras;
import io.skyroll.sinks.hats.BorderRule;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.hats.CatalogPixels;
import io.skyroll.sinks.hats.CollectionPointer;
import io.skyroll.sinks.hats.DataProduct;
import io.skyroll.sinks.hats.SkyTree;
import io.skyroll.sinks.intake.Frozen;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.PlainLeaves;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.margin.Margin;
import io.skyroll.sinks.margin.MarginOracle;
import io.skyroll.sinks.memtable.Segment;
import io.skyroll.sinks.memtable.Star;
import io.skyroll.sinks.merge.Border;
import io.skyroll.sinks.storage.InMemoryStore;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.avro.Schema;

/** A catalog with margins that is changed at random, version by version, with rows near the corners of pixels. */
final class MarginHistory {
    private static final int RETAINED = 2;
    private static final double[] THRESHOLDS = {7200, 3600, 600, 60, 5, 1};

    private final String where;
    private final Random random;
    private final SkyLayout layout;
    private final Map<Long, Star> table = new HashMap<>();
    private final Published grown;
    private SkyTree tree = SkyTree.around(new CatalogPixels(List.of()));
    private Map<Pixel, Margin> margins = Map.of();

    MarginHistory(long seed) throws IOException {
        // Mixed, for neighbouring seeds begin with the same bit.
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        int lowest = random.nextInt(2);
        int highest = lowest + random.nextInt(3);
        double threshold = THRESHOLDS[random.nextInt(THRESHOLDS.length)];
        layout = new SkyLayout(
                1 + random.nextInt(5),
                lowest,
                highest,
                1 + random.nextInt(20),
                random.nextBoolean(),
                1 + random.nextInt(8),
                threshold);
        where = "seed %d, %s".formatted(seed, layout);
        grown = new Published(layout);
    }

    /** What happened in all histories of a test. */
    static final class Seen {
        int rows;
        int rest;
        int unchanged;
        int written;
        int empty;
    }

    void run(int rounds, Seen seen) throws IOException {
        for (int round = 0; round < rounds; round++) {
            List<Star> gone = new ArrayList<>();
            List<Star> come = new ArrayList<>();
            change(gone, come);
            grown.publish(gone, come);
            verifyRule(seen);
            verifySameAsFresh();
            verifyReuse(gone, come, seen);
            grown.verifyPool(where);
        }
    }

    /** Changes a few rows, many, or all. */
    private void change(List<Star> gone, List<Star> come) {
        int kind = random.nextInt(12);
        if (kind == 11) {
            gone.addAll(table.values());
            table.clear();
            return;
        }
        for (int changes = random.nextInt(kind < 8 ? 4 : 80); changes > 0; changes--) {
            long id = random.nextInt(200);
            Star old = table.remove(id);
            if (old != null) {
                gone.add(old);
                come.remove(old);
            }
            if (old == null || random.nextBoolean()) {
                Star star = new Star(place(), id, random.nextInt(1000));
                table.put(id, star);
                come.add(star);
            }
        }
    }

    /** Somewhere near the northern or southern corner of a pixel, or anywhere. */
    private long place() {
        int order = random.nextInt(layout.highestOrder() + 2);
        Pixel pixel = new Pixel(order, (long) (random.nextDouble() * Healpix.pixelCount(order)));
        if (random.nextInt(4) == 0) {
            return pixel.first29() + (long) (random.nextDouble() * (pixel.end29() - pixel.first29()));
        }
        int marginOrder = layout.marginOrder();
        Pixel cell = Pixel.containing(marginOrder, random.nextBoolean() ? pixel.first29() : pixel.end29() - 1);
        for (int steps = random.nextInt(3); steps > 0; steps--) {
            List<Pixel> around = cell.neighbours();
            cell = around.get(random.nextInt(around.size()));
        }
        return cell.first29() + random.nextInt(3);
    }

    private void verifyRule(Seen seen) throws IOException {
        SortedMap<Pixel, List<Star>> leaves = grown.files(grown.primary());
        MarginOracle oracle = new MarginOracle(leaves.keySet(), BorderRule.orderOf(layout.marginThresholdArcsec()));
        leaves.values().forEach(rows -> rows.forEach(oracle::add));

        assertThat(grown.files(grown.margin())).as(where).isEqualTo(oracle.margins());

        assertThat(leaves.values().stream().mapToInt(List::size).sum())
                .as(where)
                .isEqualTo(table.size());
        seen.rows += oracle.margins().values().stream().mapToInt(List::size).sum();
        seen.rest += (int) oracle.margins().keySet().stream()
                .filter(pixel -> !leaves.containsKey(pixel))
                .count();
        seen.empty += oracle.margins().isEmpty() ? 1 : 0;
    }

    private void verifySameAsFresh() throws IOException {
        Published fresh = new Published(layout);
        fresh.publish(List.of(), table.values());

        assertThat(grown.bytes(grown.margin())).as(where).isEqualTo(fresh.bytes(fresh.margin()));
    }

    /** A margin is the same file as before if no row of the leaves around it has changed, nor what these leaves are. */
    private void verifyReuse(List<Star> gone, List<Star> come, Seen seen) throws IOException {
        Map<Pixel, Margin> before = margins;
        Map<Pixel, Set<Pixel>> aroundBefore = around(tree);
        tree = SkyTree.around(grown.pixels(grown.primary()));
        Map<Pixel, Set<Pixel>> around = around(tree);
        margins = new HashMap<>();
        for (Margin margin : grown.margins()) {
            margins.put(margin.pixel(), margin);
            Optional<Border> former =
                    Optional.ofNullable(before.get(margin.pixel())).flatMap(Margin::file);
            boolean isSame = former.equals(margin.file());
            Set<Pixel> neighbours = around.getOrDefault(margin.pixel(), Set.of());
            boolean isUntouched = neighbours.equals(aroundBefore.get(margin.pixel()))
                    && neighbours.stream().noneMatch(pixel -> holdsAny(pixel, gone) || holdsAny(pixel, come));
            if (isUntouched) {
                assertThat(margin.file()).as("%s: %s", where, margin).isEqualTo(former);
            }
            seen.unchanged += isUntouched && margin.file().isPresent() ? 1 : 0;
            seen.written += isSame ? 0 : 1;
        }
    }

    private static Map<Pixel, Set<Pixel>> around(SkyTree tree) {
        Map<Pixel, Set<Pixel>> around = new HashMap<>();
        tree.forEachTouching((one, other) ->
                around.computeIfAbsent(one, pixel -> new HashSet<>()).add(other));
        return around;
    }

    private static boolean holdsAny(Pixel pixel, List<Star> stars) {
        return stars.stream().anyMatch(star -> pixel.contains(star.healpix()));
    }

    /** A collection, published without topics. */
    private static final class Published {
        private final InMemoryStore store = new InMemoryStore();
        private final Chain chain = new Chain(store);
        private final Generation generation;
        private final LeafManifestWriter writer;
        private final Assembler assembler;
        private final List<Optional<Manifest>> manifests = new ArrayList<>();
        private long names;
        private long step;

        Published(SkyLayout layout) throws IOException {
            generation = new Generations(chain).open(new Generation(0, "t.sky", "id", "cluster", layout));
            writer = new LeafManifestWriter(store, new OneSchema(), schema -> new PlainLeaves(), this::name);
            CatalogSettings settings = new CatalogSettings(
                    "c", DataProduct.OBJECT, "ra", "dec", "skyroll v0", RETAINED, CatalogExtras.NONE);
            assembler = new Assembler(
                    chain,
                    generation,
                    new Margins(chain, store, schema -> new PlainLeaves(), this::name),
                    new HatsVersionDirectory(store, settings, Path.of(""), schema -> new byte[0]),
                    new Garbage(chain, store, "c", RETAINED),
                    () -> Instant.EPOCH,
                    Duration.ZERO);
            for (int partition = 0; partition < layout.partitions(); partition++) {
                manifests.add(Optional.empty());
            }
        }

        void publish(Iterable<Star> gone, Iterable<Star> come) throws IOException {
            step++;
            Position cut = new Position(1, step, 0);
            List<Segment> segments = new ArrayList<>();
            manifests.forEach(manifest -> segments.add(new Segment()));
            SkyPartitions sky = new SkyPartitions(
                    generation.skyLayout().lowestOrder(), generation.layout().partitions());
            // One row has one place: it goes before it comes.
            gone.forEach(star ->
                    segments.get(sky.partition(star.healpix())).addDelete(new Position(1, step, 0), star.key()));
            come.forEach(star -> star.addTo(segments.get(sky.partition(star.healpix())), new Position(1, step, 1)));
            chain.create(1, new Step(step, cut));
            for (int partition = 0; partition < manifests.size(); partition++) {
                Frozen frozen = new Frozen(
                        cut,
                        Instant.EPOCH,
                        Optional.empty(),
                        List.of(segments.get(partition)),
                        1,
                        Map.of(),
                        Star.ROW_ID,
                        "s",
                        0);
                Manifest manifest =
                        writer.write(generation, new Step(step, cut), partition, manifests.get(partition), frozen);
                manifests.set(partition, Optional.of(manifest));
                assertThat(chain.create(manifest)).isTrue();
            }
            assertThat(assembler.advance()).isTrue();
            assertThat(primary()).isEqualTo("c_g1_v%06d".formatted(step));
        }

        String primary() throws IOException {
            return pointer().primary();
        }

        String margin() throws IOException {
            return pointer().margins().get(0);
        }

        CatalogPixels pixels(String directory) throws IOException {
            return CatalogPixels.parse(
                    store.read(directory + "/" + CatalogLayout.PARTITION_INFO).orElseThrow());
        }

        List<Margin> margins() throws IOException {
            return MarginPart.all(chain, generation, step).orElseThrow();
        }

        SortedMap<Pixel, List<Star>> files(String directory) throws IOException {
            SortedMap<Pixel, List<Star>> files = new TreeMap<>();
            for (Pixel pixel : pixels(directory).pixels()) {
                List<Star> stars = new ArrayList<>();
                try (LeafReader file =
                        new PlainLeaves().open(store.open(directory + "/" + CatalogLayout.leafPath(pixel)))) {
                    for (int group = 0; group < file.groups().size(); group++) {
                        for (RowCursor rows = file.rows(group); rows.next(); ) {
                            stars.add(Star.at(rows));
                        }
                    }
                }
                files.put(pixel, stars);
            }
            return files;
        }

        SortedMap<Pixel, List<Byte>> bytes(String directory) throws IOException {
            SortedMap<Pixel, List<Byte>> files = new TreeMap<>();
            for (Pixel pixel : pixels(directory).pixels()) {
                List<Byte> bytes = new ArrayList<>();
                for (byte each : store.read(directory + "/" + CatalogLayout.leafPath(pixel))
                        .orElseThrow()) {
                    bytes.add(each);
                }
                files.put(pixel, bytes);
            }
            return files;
        }

        /** The pool holds what the retained versions need, and nothing else; so do the directories. */
        void verifyPool(String where) throws IOException {
            Set<String> needed = new HashSet<>();
            List<String> directories = new ArrayList<>();
            for (long version : chain.versions(1)) {
                for (int partition = 0; partition < manifests.size(); partition++) {
                    needed.addAll(
                            chain.manifest(1, version, partition).orElseThrow().poolFiles());
                }
                MarginPart.all(chain, generation, version)
                        .orElseThrow()
                        .forEach(margin -> margin.file().map(Border::file).ifPresent(needed::add));
                directories.add("c_g1_v%06d".formatted(version));
                directories.add("c_g1_v%06d_margin".formatted(version));
            }
            assertThat(store.list(Chain.POOL).stream().map(file -> Chain.POOL + "/" + file.name()))
                    .as(where)
                    .containsExactlyInAnyOrderElementsOf(needed);
            assertThat(chain.versions(1)).hasSize((int) Math.min(step, RETAINED));
            assertThat(store.list("").stream().map(Store.Entry::name).filter(name -> name.startsWith("c_")))
                    .as(where)
                    .containsExactlyElementsOf(directories);
            assertThat(store.list(Chain.ROOT + "margins/1")).hasSize((int) Math.min(step, RETAINED));
        }

        private CollectionPointer pointer() throws IOException {
            return CollectionPointer.parse(
                    store.read(CatalogLayout.COLLECTION_PROPERTIES).orElseThrow());
        }

        private String name() {
            return Long.toString(names++);
        }
    }

    /** A registry that knows the rows' schema. */
    private static final class OneSchema implements SchemaRegistry {
        @Override
        public int register(String subject, Schema schema) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Schema schema(int id) {
            return Star.KEYED.toAvro();
        }
    }
}
