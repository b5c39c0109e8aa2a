package io.skyroll.sinks.merge;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.hats.BorderRule;
import io.skyroll.sinks.hats.CellCounts;
import io.skyroll.sinks.hats.LeafRule;
import io.skyroll.sinks.hats.OrderMaxima;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafGroup;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWork;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.memtable.PendingRows;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.memtable.Segment;
import io.skyroll.sinks.memtable.SpillDirectory;
import io.skyroll.sinks.memtable.Star;
import io.skyroll.sinks.storage.InMemoryStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;

/** A partition that is changed at random, round by round. */
final class MergeHistory {
    private final String where;
    private final Random random;
    private final RowSchema schema;
    private final InMemoryStore store = new InMemoryStore();
    private final WatchedLeaves watched;
    private final RowOrder order;
    private final LeafRule rule;
    private final int groupRows;
    private final BorderRule border;
    private final PartitionMerge merge;
    private final int keys;
    private final Optional<SpillDirectory> spilled;
    /** Apart, so that what is spilled does not change what happens. */
    private final Random spilling;

    private final Map<Long, Star> table = new HashMap<>();
    private final List<Star> keyless = new ArrayList<>();
    private MergedLeaves state;
    private long files;
    private long lsn;

    /** @param spilled where some unpublished rows go, in most seeds nearly all; empty to keep them in memory */
    MergeHistory(long seed, RowSchema schema, LeafCodec codec, Optional<SpillDirectory> spilled) {
        this.spilled = spilled;
        spilling = new Random(seed);
        where = "seed %d".formatted(seed);
        // Mixed, for neighbouring seeds begin with the same bit.
        random = new Random(seed * 0x9E3779B97F4A7C15L);
        this.schema = schema;
        watched = new WatchedLeaves(codec);
        order = new RowOrder(schema);
        int lowest = random.nextInt(2);
        rule = new LeafRule(lowest, lowest + 1 + random.nextInt(4), 1 + random.nextInt(30), random.nextBoolean());
        groupRows = 1 + random.nextInt(8);
        border = new BorderRule(random.nextInt(4) == 0 ? 0 : rule.highestOrder() + 1 + random.nextInt(3));
        merge = new PartitionMerge(watched.watch(store), watched, order, rule, groupRows, border, new NewFiles() {
            @Override
            public String leaf() {
                return "pool/" + files++;
            }

            @Override
            public String border() {
                return WatchedLeaves.BORDERS + files++;
            }
        });
        keys = 20 + random.nextInt(120);
        state = new MergedLeaves(
                List.of(),
                CellCounts.empty(rule.highestOrder()),
                OrderMaxima.of(CellCounts.empty(rule.highestOrder()), rule.lowestOrder()),
                LeafWork.NONE);
    }

    /** What happened in all histories of a test. */
    static final class Seen {
        int splits;
        int merges;
        int kept;
        int copied;
        int emptied;
        int borders;
        int spills;
    }

    MergedLeaves state() {
        return state;
    }

    /** The leaves, but for the names of their files. */
    List<Leaf> leaves() {
        return state.leaves().stream().map(MergeHistory::withoutFile).toList();
    }

    WatchedLeaves watched() {
        return watched;
    }

    void run(int rounds, Seen seen) throws IOException {
        for (int round = 0; round < rounds; round++) {
            Set<Long> touched = new HashSet<>();
            List<Segment> pending = change(touched);
            MergedLeaves before = state;
            watched.forget();
            seen.spills += spilled.map(SpillDirectory::usedBytes).orElse(0L) > 0 ? 1 : 0;
            state = merge(before, pending);
            pending.forEach(Segment::discard);
            verifyEffort(before, touched, seen);
            verifySameAsFresh(seen);
            spilled.ifPresent(
                    directory -> assertThat(directory.usedBytes()).as(where).isZero());
        }
    }

    MergedLeaves merge(MergedLeaves before, List<Segment> pending) throws IOException {
        try (PendingRows rows = PendingRows.of(pending, order)) {
            return merge.merge(before.leaves(), before.counts(), rows);
        }
    }

    /** Changes a few rows, many, or all but a few. */
    private List<Segment> change(Set<Long> touched) {
        List<Segment> segments = new ArrayList<>(List.of(new Segment()));
        int kind = random.nextInt(12);
        int changes = kind == 0 ? 0 : 1 + random.nextInt(kind < 8 ? 4 : 60);
        if (kind == 11 && schema.hasKey()) {
            boolean isAll = random.nextBoolean();
            changes = isAll ? 0 : changes;
            for (Star star : List.copyOf(table.values())) {
                if (isAll || random.nextInt(20) > 0) {
                    delete(star, segments, touched);
                }
            }
        }
        for (int i = 0; i < changes; i++) {
            if (random.nextInt(10) == 0) {
                segments.add(new Segment());
            }
            changeOne(segments, touched);
        }
        return segments;
    }

    private void changeOne(List<Segment> segments, Set<Long> touched) {
        Star star = new Star(place(), random.nextInt(keys), random.nextInt(5));
        if (!schema.hasKey()) {
            keyless.add(star);
            add(star, segments, touched);
            return;
        }
        Star old = table.get(star.id());
        if (old == null && random.nextInt(5) == 0) {
            // Of a row that is not there: what was deleted before its first publication, for one.
            delete(star, segments, touched);
        } else if (old != null && random.nextInt(3) == 0) {
            delete(old, segments, touched);
        } else {
            Star now = old != null && random.nextBoolean() ? new Star(old.healpix(), old.id(), star.value()) : star;
            if (old != null && old.healpix() != now.healpix()) {
                delete(old, segments, touched);
            }
            table.put(now.id(), now);
            add(now, segments, touched);
        }
    }

    private void add(Star star, List<Segment> segments, Set<Long> touched) {
        touched.add(star.healpix());
        Segment segment = segments.get(random.nextInt(segments.size()));
        star.addTo(segment, new Position(1, ++lsn, 1));
        spill(segment);
    }

    private void delete(Star star, List<Segment> segments, Set<Long> touched) {
        touched.add(star.healpix());
        table.remove(star.id(), star);
        Segment segment = segments.get(random.nextInt(segments.size()));
        segment.addDelete(new Position(1, ++lsn, 1), star.key());
        spill(segment);
    }

    private void spill(Segment segment) {
        if (spilled.isPresent() && spilling.nextInt(4) > 0) {
            segment.spill(ids -> ids.isEmpty() ? RowOrder.ofDeletions() : new RowOrder(schema), spilled.get());
        }
    }

    /** Crowded and lonely places, and some that are shared. */
    private long place() {
        long base = random.nextInt(3);
        long within = random.nextInt(4) > 0 ? random.nextInt(64) : random.nextInt(1 << 12);
        return base << 58 | within << (58 - 12) | (random.nextInt(4) == 0 ? random.nextInt(2) : 0);
    }

    private void verifySameAsFresh(Seen seen) throws IOException {
        Segment all = new Segment();
        List<Star> stars = new ArrayList<>(rows());
        Collections.shuffle(stars, random);
        stars.forEach(star -> star.addTo(all, new Position(1, 1, 1)));
        CellCounts none = CellCounts.empty(rule.highestOrder());
        MergedLeaves fresh;
        try (PendingRows fromMemory = PendingRows.of(List.of(all), order)) {
            fresh = merge.merge(List.of(), none, fromMemory);
        }

        assertThat(state.counts()).as(where).isEqualTo(fresh.counts());
        assertThat(state.maxima()).as(where).isEqualTo(fresh.maxima());
        assertThat(state.leaves().stream().map(MergeHistory::withoutFile))
                .as(where)
                .isEqualTo(
                        fresh.leaves().stream().map(MergeHistory::withoutFile).toList());
        for (int i = 0; i < fresh.leaves().size(); i++) {
            Leaf merged = state.leaves().get(i);
            assertThat(store.read(merged.file()).orElseThrow())
                    .as(where)
                    .isEqualTo(store.read(fresh.leaves().get(i).file()).orElseThrow());
            assertThat(borderOf(merged)).as(where).isEqualTo(atBorder(merged));
            seen.borders += merged.border().isPresent() ? 1 : 0;
        }
        assertThat(stored(fresh))
                .as(where)
                .containsExactlyElementsOf(stars.stream()
                        .sorted(Comparator.comparingLong(Star::healpix)
                                .thenComparing((one, other) -> compareBytes(one, other)))
                        .toList());
    }

    private int compareBytes(Star one, Star other) {
        return order.compare(one.row(), 5, other.row(), 5);
    }

    private Collection<Star> rows() {
        return schema.hasKey() ? table.values() : keyless;
    }

    private List<Star> stored(MergedLeaves leaves) throws IOException {
        List<Star> stored = new ArrayList<>();
        for (Leaf leaf : leaves.leaves()) {
            stored.addAll(rows(leaf.file()));
        }
        return stored;
    }

    private List<Star> rows(String file) throws IOException {
        List<Star> stars = new ArrayList<>();
        try (LeafReader reader = watched.open(store.open(file))) {
            for (int group = 0; group < reader.groups().size(); group++) {
                for (RowCursor rows = reader.rows(group); rows.next(); ) {
                    stars.add(Star.at(rows));
                }
            }
        }
        return stars;
    }

    private List<Star> borderOf(Leaf leaf) throws IOException {
        return leaf.border().isPresent() ? rows(leaf.border().get().file()) : List.of();
    }

    /** By the definition: rows with a neighbouring cell of the margin's order outside the branch. */
    private List<Star> atBorder(Leaf leaf) throws IOException {
        if (border.marginOrder() == 0) {
            return List.of();
        }
        return rows(leaf.file()).stream()
                .filter(star -> Pixel.containing(border.marginOrder(), star.healpix()).neighbours().stream()
                        .anyMatch(neighbour -> !leaf.branch().contains(neighbour)))
                .toList();
    }

    /** Untouched leaves keep their files, and of the others the untouched groups are copied without a look at their rows. */
    private void verifyEffort(MergedLeaves before, Set<Long> touched, Seen seen) throws IOException {
        Set<LeafGroup> decoded = Set.copyOf(watched.decoded());
        int decodedCount = watched.decodedCount();
        List<List<Boolean>> copies = List.copyOf(watched.copies());
        Map<Pixel, Leaf> old = new HashMap<>();
        before.leaves().forEach(leaf -> old.put(leaf.top(), leaf));
        Set<LeafGroup> oldGroups = groups(before.leaves());
        int written = 0;
        for (Leaf leaf : state.leaves()) {
            Leaf sameCell = old.get(leaf.top());
            boolean isTouched = touched.stream().anyMatch(leaf.top()::contains);
            if (sameCell != null && !isTouched) {
                assertThat(leaf).as(where).isEqualTo(sameCell);
                seen.kept++;
                continue;
            }
            List<LeafGroup> groups = List.copyOf(groupList(leaf));
            List<Pixel> cells = groupCells(leaf.top(), rows());
            assertThat(groups).as(where).hasSameSizeAs(cells);
            // Along a new border even the groups that are copied are looked into.
            boolean hasSameBorder = border.marginOrder() == 0
                    || (sameCell != null && sameCell.branch().equals(leaf.branch()));
            for (int i = 0; i < groups.size(); i++) {
                boolean mustCopy =
                        touched.stream().noneMatch(cells.get(i)::contains) && oldGroups.contains(groups.get(i));
                if (mustCopy) {
                    assertThat(copies.get(written).get(i)).as(where).isTrue();
                    if (hasSameBorder) {
                        assertThat(decoded).as(where).doesNotContain(groups.get(i));
                    }
                    seen.copied++;
                }
            }
            written++;
        }
        assertThat(copies).as(where).hasSize(written);
        LeafWork work = state.work();
        assertThat(work.groupsDecoded()).as(where).isEqualTo(decodedCount);
        assertThat(work.groupsCopied())
                .as(where)
                .isEqualTo(copies.stream()
                        .flatMap(List::stream)
                        .filter(isCopy -> isCopy)
                        .count());
        assertThat(work.bytesWritten())
                .as(where)
                .isEqualTo(state.leaves().stream()
                        .filter(leaf -> !before.leaves().contains(leaf))
                        .mapToLong(Leaf::bytesWithBorder)
                        .sum());
        for (Leaf leaf : before.leaves()) {
            seen.splits += state.leaves().stream()
                            .anyMatch(now -> now.top().order() > leaf.top().order()
                                    && leaf.top().contains(now.top()))
                    ? 1
                    : 0;
        }
        for (Leaf leaf : state.leaves()) {
            seen.merges += before.leaves().stream()
                            .anyMatch(then -> then.top().order() > leaf.top().order()
                                    && leaf.top().contains(then.top()))
                    ? 1
                    : 0;
        }
        seen.emptied += state.leaves().isEmpty() && !before.leaves().isEmpty() ? 1 : 0;
    }

    /** The cells of a leaf's groups, by their definition. */
    private List<Pixel> groupCells(Pixel cell, Collection<Star> among) {
        List<Star> stars =
                among.stream().filter(row -> cell.contains(row.healpix())).toList();
        int rows = stars.size();
        if (rows == 0) {
            return List.of();
        }
        if (rows <= groupRows) {
            return List.of(cell);
        }
        if (cell.order() == 29) {
            return Collections.nCopies((rows + groupRows - 1) / groupRows, cell);
        }
        return cell.children().stream()
                .flatMap(child -> groupCells(child, stars).stream())
                .toList();
    }

    private Set<LeafGroup> groups(List<Leaf> leaves) throws IOException {
        Set<LeafGroup> groups = new HashSet<>();
        for (Leaf leaf : leaves) {
            groups.addAll(groupList(leaf));
        }
        return groups;
    }

    private List<LeafGroup> groupList(Leaf leaf) throws IOException {
        try (LeafReader reader = watched.open(store.open(leaf.file()))) {
            return reader.groups();
        }
    }

    private static Leaf withoutFile(Leaf leaf) {
        return new Leaf(
                leaf.top(),
                leaf.branch(),
                leaf.rows(),
                leaf.groups(),
                leaf.bytes(),
                leaf.sha256(),
                "",
                leaf.border().map(border -> new Border(border.rows(), border.bytes(), border.sha256(), "")));
    }
}
