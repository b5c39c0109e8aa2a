package io.skyroll.sinks.dataset;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.sky.KeyPlace;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.memtable.PendingRows;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.memtable.Segment;
import io.skyroll.sinks.memtable.SpillDirectory;
import io.skyroll.sinks.storage.InMemoryStore;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;

/** A partition of a dataset that is changed at random, round by round, beside a map of the rows that it must have. */
final class DatasetHistory {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int FOOTER_BYTES = 1_500;
    private static final List<List<String>> RULES =
            List.of(List.of(), List.of("band"), List.of("year(seen)", "month(seen)"), List.of("band", "month(seen)"));

    private final String where;
    private final Random random;
    private final RowSchema schema;
    private final InMemoryStore store = new InMemoryStore();
    private final List<String> rules;
    private final Function<Map<String, byte[]>, LeafCodec> codecs;
    private final RowOrder order;
    private final Folders folders;
    private final FileRule rule;
    private final DatasetMerge merge;
    private final Optional<SpillDirectory> spilled;
    private final int keys;
    private final Optional<KeyPlace> keyPlaces;

    private final Map<Long, Sighting> table = new HashMap<>();
    private final List<Sighting> keyless = new ArrayList<>();
    private List<FolderFile> state = List.of();
    private Instant cutTime = START;
    private long paths;
    private long lsn;

    DatasetHistory(
            long seed,
            RowSchema schema,
            Function<Map<String, byte[]>, LeafCodec> codecs,
            Optional<SpillDirectory> spilled) {
        this(seed, schema, true, codecs, spilled);
    }

    /** @param hasSky whether rows are anywhere; else their places are told from their keys */
    DatasetHistory(
            long seed,
            RowSchema schema,
            boolean hasSky,
            Function<Map<String, byte[]>, LeafCodec> codecs,
            Optional<SpillDirectory> spilled) {
        keyPlaces = hasSky ? Optional.empty() : Optional.of(new KeyPlace(schema));
        where = "seed %d".formatted(seed);
        // Mixed, for neighbouring seeds begin with the same bit.
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.schema = schema;
        this.codecs = codecs;
        this.spilled = spilled;
        rules = RULES.get(random.nextInt(RULES.size()));
        order = new RowOrder(schema);
        folders = new Folders(schema, rules.stream().map(FolderRule::parse).toList());
        rule = new FileRule(
                1 + random.nextInt(8),
                random.nextBoolean() ? 1 << 20 : 20 + random.nextInt(200),
                random.nextBoolean() ? Long.MAX_VALUE : 50 + random.nextInt(1_000),
                random.nextBoolean() ? Long.MAX_VALUE : 1 + random.nextInt(30),
                random.nextBoolean() ? Duration.ZERO : Duration.ofSeconds(1 + random.nextInt(100)));
        DatasetFiles files = new DatasetFiles(store, folders, codecs, () -> "pool/" + paths++);
        merge = new DatasetMerge(files, order, rule, random.nextBoolean() ? 1 : 1 << 20);
        keys = 20 + random.nextInt(120);
    }

    /** What happened in all histories of a test. */
    static final class Seen {
        int kept;
        int movedFolders;
        int emptiedFolders;
        int several;
        int rewritten;
        int grown;
        int aged;
    }

    void run(int rounds, Seen seen) throws IOException {
        for (int round = 0; round < rounds; round++) {
            cutTime = cutTime.plusSeconds(random.nextInt(40));
            Set<String> touched = new HashSet<>();
            List<Segment> pending = change(touched, seen);
            List<FolderFile> before = state;
            try (PendingRows rows = PendingRows.of(pending, order)) {
                state = merge.merge(before, rows, cutTime);
            }
            pending.forEach(Segment::discard);
            verifyRows();
            verifyFiles(before, touched, seen);
        }
    }

    private List<Segment> change(Set<String> touched, Seen seen) {
        List<Segment> segments = new ArrayList<>(List.of(new Segment()));
        int kind = random.nextInt(12);
        int changes = kind == 0 ? 0 : 1 + random.nextInt(kind < 8 ? 5 : 80);
        if (kind == 11 && schema.hasKey()) {
            for (Sighting each : List.copyOf(table.values())) {
                if (random.nextInt(20) > 0) {
                    delete(each, segments, touched);
                }
            }
        }
        for (int i = 0; i < changes; i++) {
            if (random.nextInt(10) == 0) {
                segments.add(new Segment());
            }
            changeOne(segments, touched, seen);
        }
        return segments;
    }

    private void changeOne(List<Segment> segments, Set<String> touched, Seen seen) {
        Sighting now = sighting(place(), random.nextInt(keys));
        if (!schema.hasKey()) {
            keyless.add(now);
            add(now, segments, touched);
            return;
        }
        Sighting old = table.get(now.id());
        if (old == null && random.nextInt(5) == 0) {
            // Of a row that is not there: what was deleted before its first publication, for one.
            delete(now, segments, touched);
            return;
        }
        if (old != null && random.nextInt(3) == 0) {
            delete(old, segments, touched);
            return;
        }
        if (old != null && random.nextInt(4) > 0) {
            now = sighting(old.healpix(), old.id());
            seen.movedFolders += old.folder(rules).equals(now.folder(rules)) ? 0 : 1;
            touched.add(old.folder(rules));
        } else if (old != null) {
            delete(old, segments, touched);
        }
        table.put(now.id(), now);
        add(now, segments, touched);
    }

    private Sighting sighting(long healpix, long id) {
        String[] bands = {"r", "g/i", "50%", ""};
        Sighting made = new Sighting(
                healpix,
                id,
                random.nextInt(5) == 0 ? Optional.empty() : Optional.of(bands[random.nextInt(bands.length)]),
                random.nextInt(5) == 0
                        ? Optional.empty()
                        : Optional.of(START.minusSeconds(random.nextInt(120) * 86_400L)
                                .minusNanos(1_000)),
                random.nextInt(5));
        return keyPlaces.map(made::placedBy).orElse(made);
    }

    private void add(Sighting row, List<Segment> segments, Set<String> touched) {
        touched.add(row.folder(rules));
        Segment segment = segments.get(random.nextInt(segments.size()));
        row.addTo(segment, new Position(1, ++lsn, 1));
        spill(segment);
    }

    private void delete(Sighting row, List<Segment> segments, Set<String> touched) {
        touched.add(row.folder(rules));
        table.remove(row.id(), row);
        Segment segment = segments.get(random.nextInt(segments.size()));
        segment.addDelete(new Position(1, ++lsn, 1), row.key());
        spill(segment);
    }

    private void spill(Segment segment) {
        if (spilled.isPresent() && random.nextInt(4) > 0) {
            segment.spill(ids -> ids.isEmpty() ? RowOrder.ofDeletions() : new RowOrder(schema), spilled.get());
        }
    }

    /** Crowded and lonely places, and some that are shared. */
    private long place() {
        return (long) random.nextInt(3) << 58 | (long) random.nextInt(64) << 50 | random.nextInt(2);
    }

    private void verifyRows() throws IOException {
        List<Sighting> found = new ArrayList<>();
        for (FolderFile file : state) {
            List<Sighting> rows = rows(file);
            assertThat(rows).as(where).hasSize((int) file.rows());
            assertThat(rows.stream().mapToLong(row -> row.avro().length).sum())
                    .as(where)
                    .isEqualTo(file.rawBytes());
            assertThat(rows).as(where).allMatch(row -> row.folder(rules).equals(file.folder()));
            found.addAll(rows);
        }
        assertThat(sorted(found)).as(where).isEqualTo(sorted(schema.hasKey() ? table.values() : keyless));
    }

    private void verifyFiles(List<FolderFile> before, Set<String> touched, Seen seen) throws IOException {
        Map<String, List<FolderFile>> formerly = byFolder(before);
        Map<String, List<FolderFile>> now = byFolder(state);
        assertThat(state)
                .as(where)
                .isSortedAccordingTo(Comparator.comparing(FolderFile::folder).thenComparing(FolderFile::begun));
        formerly.forEach((folder, files) -> {
            if (!touched.contains(folder)) {
                assertThat(now.get(folder)).as(where).isEqualTo(files);
                seen.kept++;
            }
            seen.emptiedFolders += now.containsKey(folder) ? 0 : 1;
        });
        for (FolderFile file : state) {
            boolean isNew = !before.contains(file);
            byte[] content = store.read(file.file()).orElseThrow();
            assertThat(content.length).as(where).isEqualTo((int) file.bytes());
            assertThat(file.rows()).as(where).isLessThanOrEqualTo(rule.fileRows());
            // How well the next group is compressed is known from those before it only.
            assertThat(file.groups() == 1 || file.bytes() / 2 - FOOTER_BYTES <= rule.fileBytes())
                    .as(where)
                    .isTrue();
            if (isNew) {
                List<FolderFile> formers = before.stream()
                        .filter(former -> former.begun().equals(file.begun())
                                && former.folder().equals(file.folder()))
                        .toList();
                boolean isGrown = formers.size() == 1 && formers.get(0).rows() < file.rows();
                seen.grown += isGrown ? 1 : 0;
                seen.rewritten += !isGrown && file.begun().isBefore(cutTime) ? 1 : 0;
                if (isGrown && !rule.fileAge().isZero()) {
                    assertThat(Duration.between(file.begun(), cutTime))
                            .as(where)
                            .isLessThan(rule.fileAge());
                }
            }
        }
        now.values().forEach(files -> {
            seen.several += files.size() > 1 ? 1 : 0;
            seen.aged += files.stream().map(FolderFile::begun).distinct().count() > 1 ? 1 : 0;
        });
    }

    private List<Sighting> rows(FolderFile file) throws IOException {
        List<Sighting> all = new ArrayList<>();
        LeafCodec codec = codecs.apply(folders.constants(file.in()));
        try (LeafReader reader = codec.open(store.open(file.file()))) {
            assertThat(reader.groups()).as(where).hasSize(file.groups());
            for (int group = 0; group < file.groups(); group++) {
                List<Sighting> rows = new ArrayList<>();
                for (RowCursor cursor = reader.rows(group); cursor.next(); ) {
                    rows.add(Sighting.at(cursor));
                }
                long bytes = rows.stream().mapToLong(row -> row.avro().length).sum();
                assertThat(rows).as(where).isSortedAccordingTo(this::compare);
                assertThat(rows.size() <= rule.groupRows() && (rows.size() == 1 || bytes <= rule.groupBytes()))
                        .as(where)
                        .isTrue();
                all.addAll(rows);
            }
        }
        return all;
    }

    private int compare(Sighting one, Sighting other) {
        int byPlace = Long.compare(one.healpix(), other.healpix());
        return byPlace != 0 ? byPlace : order.compare(one.avro(), 0, other.avro(), 0);
    }

    private static List<Sighting> sorted(Iterable<Sighting> rows) {
        List<Sighting> sorted = new ArrayList<>();
        rows.forEach(sorted::add);
        sorted.sort(Comparator.comparingLong(Sighting::healpix).thenComparing(Sighting::avro, Arrays::compare));
        return sorted;
    }

    private static Map<String, List<FolderFile>> byFolder(List<FolderFile> files) {
        Map<String, List<FolderFile>> folders = new HashMap<>();
        files.forEach(file -> folders.computeIfAbsent(file.folder(), none -> new ArrayList<>())
                .add(file));
        return folders;
    }
}
