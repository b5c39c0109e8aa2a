package io.skyroll.sinks.memtable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.WireFormat;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SortedRowsTest {
    private static final long LAST_CELL = (12L << 58) - 1;

    @Test
    void rowsAreInLeafOrderAndTheNewestOfEachKeyWins() {
        for (long seed = 0; seed < 300; seed++) {
            Random random = new Random(seed * 0x9E3779B97F4A7C15L);
            List<Change> changes = changes(random);
            TreeMap<Place, Change> newest = new TreeMap<>();
            changes.forEach(change -> newest.merge(
                    new Place(change.star()),
                    change,
                    (one, other) -> other.position().isAfter(one.position()) ? other : one));

            SortedRows rows = sort(changes, Star.KEYED, random);

            assertThat(read(rows))
                    .as("seed %d", seed)
                    .containsExactlyElementsOf(newest.values().stream()
                            .map(change -> change.isDelete() ? Optional.<Star>empty() : Optional.of(change.star()))
                            .toList());
            for (long cell : new long[] {0, 5, random.nextLong(LAST_CELL), LAST_CELL, LAST_CELL + 1}) {
                assertThat(rows.firstAtOrAfter(cell)).isEqualTo((int) newest.keySet().stream()
                        .filter(place -> place.healpix < cell)
                        .count());
            }
        }
    }

    @Test
    void rowsWithoutAKeyAreAllKeptInTheOrderOfTheirBytes() {
        for (long seed = 0; seed < 100; seed++) {
            Random random = new Random(seed * 0x9E3779B97F4A7C15L);
            List<Change> changes = changes(random).stream()
                    .filter(change -> !change.isDelete())
                    .toList();

            SortedRows rows = sort(changes, Star.KEYLESS, random);

            assertThat(read(rows))
                    .as("seed %d", seed)
                    .containsExactlyElementsOf(changes.stream()
                            .map(Change::star)
                            .sorted(Comparator.comparingLong(Star::healpix)
                                    .thenComparing(Star::row, Arrays::compareUnsigned))
                            .map(Optional::of)
                            .toList());
        }
    }

    @Test
    void batchThatDisagreesWithItsHeaderIsRefused() {
        List<Star> stars = List.of(new Star(1, 1, 1), new Star(2, 2, 2));
        RowPlan plan = new RowPlan(Star.KEYED);

        assertThat(new Segment().addBatch(Position.ORIGIN, Star.batch(stars), Star.packedHealpix(stars), plan))
                .isEqualTo(2);
        assertThatThrownBy(() -> new Segment()
                        .addBatch(Position.ORIGIN, Star.batch(stars), Star.packedHealpix(stars.subList(0, 1)), plan))
                .hasMessage("a batch has more rows than its header's 1 HEALPix values");
        assertThatThrownBy(() -> new Segment()
                        .addBatch(Position.ORIGIN, Star.batch(stars.subList(0, 1)), Star.packedHealpix(stars), plan))
                .hasMessage("a batch has 1 rows and 1 HEALPix values more");
    }

    @Test
    void sizeGrowsWithWhatIsHeld() {
        Segment segment = new Segment();
        long empty = segment.sizeBytes();
        for (int i = 0; i < 10_000; i++) {
            new Star(i, i, i).addTo(segment, Position.ORIGIN);
        }

        assertThat(segment.sizeBytes() - empty).isBetween(10_000L * 100, 10_000L * 250);
    }

    private static List<Change> changes(Random random) {
        List<Change> changes = new ArrayList<>();
        int size = random.nextInt(random.nextBoolean() ? 10 : 600);
        int places = 1 + random.nextInt(200);
        for (int i = 0; i < size; i++) {
            long cell = random.nextInt(10) == 0 ? LAST_CELL : (LAST_CELL / places) * random.nextInt(places);
            // Ids beyond 63 take two bytes, and negative ones sort between: bytes count, not numbers.
            Star star = new Star(cell, random.nextInt(200) - 100, i);
            Position position = new Position(random.nextInt(2), random.nextInt(50), i);
            changes.add(new Change(star, position, random.nextInt(4) == 0));
        }
        return changes;
    }

    private static SortedRows sort(List<Change> changes, RowSchema schema, Random random) {
        List<Segment> segments = new ArrayList<>(List.of(new Segment()));
        RowPlan plan = new RowPlan(schema);
        for (Change change : changes) {
            if (random.nextInt(50) == 0) {
                segments.add(new Segment());
            }
            Segment segment = segments.get(random.nextInt(segments.size()));
            if (change.isDelete()) {
                segment.addDelete(change.position(), change.star().key());
            } else if (random.nextBoolean()) {
                change.star().addTo(segment, change.position());
            } else {
                List<Star> batch = List.of(change.star());
                segment.addBatch(change.position(), Star.batch(batch), Star.packedHealpix(batch), plan);
            }
        }
        return SortedRows.of(segments, new RowOrder(schema));
    }

    /** The rows; empty for a deletion. */
    private static List<Optional<Star>> read(SortedRows rows) {
        List<Optional<Star>> found = new ArrayList<>();
        for (int i = 0; i < rows.size(); i++) {
            found.add(
                    rows.isDelete(i)
                            ? Optional.empty()
                            : Optional.of(Star.at(rows.healpix(i), rows.bytes(i), rows.start(i))));
        }
        return found;
    }

    /** A row or a deletion, where it stands in history. */
    private record Change(Star star, Position position, boolean isDelete) {}

    /** What identifies a row, in leaf order. */
    private static final class Place implements Comparable<Place> {
        private final long healpix;
        private final byte[] key;

        Place(Star star) {
            healpix = star.healpix();
            key = Arrays.copyOfRange(star.key(), WireFormat.PREFIX_BYTES + Long.BYTES, star.key().length);
        }

        @Override
        public int compareTo(Place other) {
            int byPlace = Long.compare(healpix, other.healpix);
            return byPlace != 0 ? byPlace : Arrays.compareUnsigned(key, other.key);
        }
    }
}
