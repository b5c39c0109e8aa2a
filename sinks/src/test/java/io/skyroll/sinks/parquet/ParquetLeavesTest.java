package io.skyroll.sinks.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.leaf.LeafFile;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.storage.InMemoryStore;
import io.skyroll.sinks.storage.StoreOutput;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ParquetLeavesTest {
    private final InMemoryStore store = new InMemoryStore();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20})
    void givesBackTheBytesOfEveryRow(long seed) throws IOException {
        Random random = new Random(seed);
        SampleRows rows = SampleRows.random(SampleRows.randomSchema(random), 1 + random.nextInt(3000), random);
        ParquetLeaves leaves = new ParquetLeaves(rows.schema());
        int split = random.nextInt(rows.count());

        write(
                leaves,
                "leaf",
                split == 0 ? List.of(rows.cursor()) : List.of(rows.cursor(0, split), rows.cursor(split, rows.count())));

        assertHolds(leaves, "leaf", rows);
    }

    @Test
    void givesBackTheBytesOfARowGroupOfManyPages() throws IOException {
        SampleRows rows = SampleRows.random(SampleRows.everyType(), 50_001, new Random(42));
        ParquetLeaves leaves = new ParquetLeaves(rows.schema());

        write(leaves, "leaf", List.of(rows.cursor()));

        assertHolds(leaves, "leaf", rows);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void copiedGroupsEqualEncodedOnes(long seed) throws IOException {
        Random random = new Random(seed);
        SampleRows rows = SampleRows.random(SampleRows.randomSchema(random), 5000, random);
        ParquetLeaves leaves = new ParquetLeaves(rows.schema());
        int[] bounds = bounds(rows.count(), 1 + random.nextInt(8), random);
        List<RowCursor> groups = new ArrayList<>();
        for (int group = 0; group + 1 < bounds.length; group++) {
            groups.add(rows.cursor(bounds[group], bounds[group + 1]));
        }
        LeafFile encoded = write(leaves, "encoded", groups);

        // Each group in a leaf of its own, behind a first row group that moves it.
        LeafFile copied;
        try (LeafWriter writer = leaves.create(store.create("copied"))) {
            for (int group = 0; group + 1 < bounds.length; group++) {
                RowCursor own = rows.cursor(bounds[group], bounds[group + 1]);
                if (random.nextInt(3) == 0) {
                    writer.encode(own);
                } else {
                    int before = random.nextInt(bounds[group] + 1);
                    write(leaves, "other", before == 0 ? List.of(own) : List.of(rows.cursor(0, before), own));
                    try (LeafReader other = leaves.open(store.open("other"))) {
                        writer.copy(other, before == 0 ? 0 : 1);
                    }
                }
            }
            copied = writer.finish();
        }

        assertThat(content("copied")).isEqualTo(content("encoded"));
        assertThat(copied).isEqualTo(encoded);
    }

    /** Fails when the bytes change for any reason, a new zstd among them: catalogs written before are then rewritten as they change. */
    @Test
    void bytesAreTheSameInEveryRun() throws IOException {
        SampleRows rows = SampleRows.random(SampleRows.everyType(), 3000, new Random(7));

        LeafFile leaf =
                write(new ParquetLeaves(rows.schema()), "leaf", List.of(rows.cursor(0, 1200), rows.cursor(1200, 3000)));

        assertThat(leaf.sha256()).isEqualTo("5548ffea6d706503b54e015d451bd26a342ba0f81ade9e769050982f21f27c87");
    }

    @Test
    void describesTheFileAndItsGroups() throws Exception {
        SampleRows rows = SampleRows.random(SampleRows.everyType(), 100, new Random(1));
        ParquetLeaves leaves = new ParquetLeaves(rows.schema());

        LeafFile leaf = write(leaves, "leaf", List.of(rows.cursor(0, 30), rows.cursor(30, 100)));

        byte[] content = content("leaf");
        String sha256 =
                HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
        assertThat(leaf).isEqualTo(new LeafFile(100, content.length, sha256, 2));
        try (LeafReader reader = leaves.open(store.open("leaf"))) {
            assertThat(reader.groups()).hasSize(2);
            assertThat(reader.groups().get(0).rows()).isEqualTo(30);
            assertThat(reader.groups().get(0).firstHealpix()).isEqualTo(rows.healpix(0));
            assertThat(reader.groups().get(0).lastHealpix()).isEqualTo(rows.healpix(29));
            assertThat(reader.groups().get(1).rows()).isEqualTo(70);
            assertThat(reader.groups().get(1).firstHealpix()).isEqualTo(rows.healpix(30));
        }
    }

    @Test
    void leavesNothingWhenClosedUnfinished() throws IOException {
        SampleRows rows = SampleRows.random(SampleRows.everyType(), 10, new Random(1));

        try (LeafWriter writer = new ParquetLeaves(rows.schema()).create(store.create("leaf"))) {
            writer.encode(rows.cursor());
        }

        assertThat(store.read("leaf")).isEmpty();
    }

    @Test
    void refusesRowsThatAreNotInLeafOrder() throws IOException {
        SampleRows rows = SampleRows.random(SampleRows.everyType(), 10, new Random(1));

        try (LeafWriter writer = new ParquetLeaves(rows.schema()).create(store.create("leaf"))) {
            writer.encode(rows.cursor(5, 10));
            assertThatThrownBy(() -> writer.encode(rows.cursor(0, 5)))
                    .isInstanceOf(SkyrollException.class)
                    .hasMessage("rows are not in leaf order: HEALPix cell %d follows %d"
                            .formatted(rows.healpix(0), rows.healpix(9)));
        }
    }

    @Test
    void refusesAnEmptyGroup() throws IOException {
        SampleRows rows = SampleRows.random(SampleRows.everyType(), 10, new Random(1));

        try (LeafWriter writer = new ParquetLeaves(rows.schema()).create(store.create("leaf"))) {
            assertThatThrownBy(() -> writer.encode(rows.cursor(3, 3)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessage("a row group needs a row");
        }
    }

    @Test
    void refusesALeafOfAnotherSchema() throws IOException {
        RowSchema one = new RowSchema("sky.t", List.of(new Column("a", ColumnType.INT32, true)), List.of());
        RowSchema other = new RowSchema("sky.t", List.of(new Column("a", ColumnType.INT64, true)), List.of());
        write(
                new ParquetLeaves(one),
                "leaf",
                List.of(SampleRows.random(one, 3, new Random(1)).cursor()));

        assertThatThrownBy(() -> new ParquetLeaves(other).open(store.open("leaf")))
                .isInstanceOf(SkyrollException.class)
                .hasMessageStartingWith("a leaf file of sky.t has another schema: expected ");
    }

    @Test
    void refusesToCopyAGroupOfAnotherSchema() throws IOException {
        RowSchema one = new RowSchema("sky.t", List.of(new Column("a", ColumnType.INT32, true)), List.of());
        RowSchema other = new RowSchema("sky.t", List.of(new Column("b", ColumnType.INT32, true)), List.of());
        write(
                new ParquetLeaves(one),
                "leaf",
                List.of(SampleRows.random(one, 3, new Random(1)).cursor()));

        try (LeafReader reader = new ParquetLeaves(one).open(store.open("leaf"));
                LeafWriter writer = new ParquetLeaves(other).create(store.create("copy"))) {
            assertThatThrownBy(() -> writer.copy(reader, 0))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageStartingWith("a group of another schema cannot be copied: expected ");
        }
    }

    @Test
    void refusesABrokenPage() throws IOException {
        RowSchema schema = new RowSchema("sky.t", List.of(new Column("a", ColumnType.INT32, true)), List.of());
        write(
                new ParquetLeaves(schema),
                "leaf",
                List.of(SampleRows.random(schema, 3, new Random(1)).cursor()));
        byte[] broken = content("leaf");
        // The first page's header ends before zstd's magic number.
        int zstd = 0;
        while (broken[zstd] != 0x28 || broken[zstd + 1] != (byte) 0xB5) {
            zstd++;
        }
        broken[zstd] = 0;
        store.replace("broken", broken);

        try (LeafReader reader = new ParquetLeaves(schema).open(store.open("broken"))) {
            assertThatThrownBy(() -> reader.rows(0))
                    .isInstanceOf(SkyrollException.class)
                    .hasMessageStartingWith("a leaf file is broken in the column optional int64 _healpix_29");
        }
    }

    @Test
    void refusesATornLeaf() throws IOException {
        RowSchema schema = new RowSchema("sky.t", List.of(new Column("a", ColumnType.INT32, true)), List.of());
        write(
                new ParquetLeaves(schema),
                "leaf",
                List.of(SampleRows.random(schema, 3, new Random(1)).cursor()));
        byte[] whole = content("leaf");
        store.replace("torn", Arrays.copyOf(whole, whole.length - 1));

        assertThatThrownBy(() -> new ParquetLeaves(schema).open(store.open("torn")))
                .isInstanceOf(SkyrollException.class)
                .hasMessage("not a Parquet file, or a torn one: %d bytes without the closing PAR1", whole.length - 1);
    }

    @Test
    void refusesADecimalWithTooManyDigits() throws IOException {
        RowSchema wide = new RowSchema("sky.t", List.of(new Column("a", ColumnType.decimal(18, 0), false)), List.of());
        RowSchema narrow = new RowSchema("sky.t", List.of(new Column("a", ColumnType.decimal(3, 0), false)), List.of());
        SampleRows rows = SampleRows.random(wide, 1, new Random(1));

        try (LeafWriter writer = new ParquetLeaves(narrow).create(store.create("leaf"))) {
            assertThatThrownBy(() -> writer.encode(rows.cursor()))
                    .isInstanceOf(SkyrollException.class)
                    .hasMessage(
                            "decimal(3,0) cannot hold the unscaled value %s",
                            rows.values(0).get(0));
        }
    }

    @Test
    void refusesAColumnNamedLikeTheSpatialKey() {
        RowSchema schema =
                new RowSchema("sky.t", List.of(new Column("_healpix_29", ColumnType.INT64, false)), List.of());

        assertThatThrownBy(() -> new ParquetLeaves(schema))
                .isInstanceOf(SkyrollException.class)
                .hasMessage("sky.t: a column has the name _healpix_29, which the catalog keeps for the spatial key:"
                        + " rename or leave it out");
    }

    private LeafFile write(ParquetLeaves leaves, String path, List<RowCursor> groups) throws IOException {
        try (StoreOutput output = store.create(path);
                LeafWriter writer = leaves.create(output)) {
            groups.forEach(writer::encode);
            return writer.finish();
        }
    }

    private byte[] content(String path) {
        return store.read(path).orElseThrow();
    }

    private void assertHolds(ParquetLeaves leaves, String path, SampleRows expected) throws IOException {
        int row = 0;
        try (LeafReader reader = leaves.open(store.open(path))) {
            for (int group = 0; group < reader.groups().size(); group++) {
                for (RowCursor rows = reader.rows(group); rows.next(); row++) {
                    byte[] avro = Arrays.copyOfRange(rows.bytes(), rows.start(), rows.end());
                    if (rows.healpix() != expected.healpix(row) || !Arrays.equals(avro, expected.avro(row))) {
                        fail("row %d of %s: expected %s, found %s"
                                .formatted(
                                        row,
                                        expected.schema(),
                                        HexFormat.of().formatHex(expected.avro(row)),
                                        HexFormat.of().formatHex(avro)));
                    }
                }
            }
        }
        assertThat(row).isEqualTo(expected.count());
    }

    private static int[] bounds(int rows, int groups, Random random) {
        int[] inner =
                random.ints(1, rows).distinct().limit(groups - 1L).sorted().toArray();
        int[] bounds = new int[groups + 1];
        System.arraycopy(inner, 0, bounds, 1, inner.length);
        bounds[groups] = rows;
        return bounds;
    }
}
