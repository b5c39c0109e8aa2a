package io.skyroll.sinks.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.row.Column;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.storage.LocalStore;
import io.skyroll.sinks.storage.StoreOutput;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Indexes over columns of every type, as DuckDB reads them. */
class IndexFormatTest {
    private static final int GROUP_ROWS = 300;
    private static final Pixel PIXEL = new Pixel(29, 12L * (1L << 58) - 1);

    private final Path folder;
    private final LocalStore store;
    private final SampleRows rows = SampleRows.random(SampleRows.everyType(), 1000, new Random(21));
    private final ParquetLeaves leaves = new ParquetLeaves(rows.schema());

    IndexFormatTest(@TempDir Path folder) throws IOException {
        this.folder = folder;
        this.store = new LocalStore(folder);
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void everyValueOfEveryTypeIsFoundInOrder() throws Exception {
        writeLeaf();
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            for (Column column : rows.schema().columns()) {
                List<byte[]> keys = keys(column);
                DatasetFile part = write(column, keys);
                assertThat(part.rows()).as(column.name()).isEqualTo(keys.size());
                String leaf = "(SELECT \"%s\" AS value FROM '%s' WHERE value IS NOT NULL)"
                        .formatted(column.name(), folder.resolve("leaf.parquet"));
                String index = "(SELECT \"%s\" AS value FROM '%s' WHERE Norder = 29 AND Npix = %d)"
                        .formatted(column.name(), folder.resolve("part.parquet"), PIXEL.npix());
                assertThat(count(statement, "%s EXCEPT ALL %s".formatted(leaf, index)))
                        .as(column.name())
                        .isZero();
                assertThat(count(statement, "%s EXCEPT ALL %s".formatted(index, leaf)))
                        .as(column.name())
                        .isZero();
            }
        }
    }

    @Test
    void theOrderOfKeysIsThatOfValues() throws IOException {
        writeLeaf();
        for (int i = 0; i < rows.schema().columns().size(); i++) {
            Column column = rows.schema().columns().get(i);
            List<Object> values = new ArrayList<>();
            for (int row = 0; row < rows.count(); row++) {
                Object value = rows.values(row).get(i);
                if (value != null) {
                    values.add(value);
                }
            }
            List<byte[]> keys = keys(column, false);
            assertThat(keys).hasSameSizeAs(values);
            for (int k = 1; k < keys.size(); k++) {
                if (isNaN(values.get(k - 1)) || isNaN(values.get(k))) {
                    // Beyond the infinity of its sign, unlike in Java.
                    continue;
                }
                int order = compare(values.get(k - 1), values.get(k));
                assertThat(Integer.signum(Arrays.compareUnsigned(keys.get(k - 1), keys.get(k))))
                        .as("%s: %s and %s", column, values.get(k - 1), values.get(k))
                        .isEqualTo(Integer.signum(order));
            }
        }
    }

    private static boolean isNaN(Object value) {
        return value instanceof Number number && Double.isNaN(number.doubleValue());
    }

    private static int compare(Object one, Object other) {
        if (one instanceof CharSequence) {
            // Code points, which UTF-8 keeps in order, unlike UTF-16.
            return Arrays.compare(
                    one.toString().codePoints().toArray(),
                    other.toString().codePoints().toArray());
        }
        return naturalOrder(one, other);
    }

    @SuppressWarnings("unchecked")
    private static int naturalOrder(Object one, Object other) {
        return ((Comparable<Object>) one).compareTo(other);
    }

    private void writeLeaf() throws IOException {
        try (StoreOutput output = store.create("leaf.parquet");
                LeafWriter writer = leaves.create(output)) {
            for (int row = 0; row < rows.count(); row += GROUP_ROWS) {
                writer.encode(rows.cursor(row, Math.min(rows.count(), row + GROUP_ROWS)));
            }
            writer.finish();
        }
    }

    private List<byte[]> keys(Column column) throws IOException {
        return keys(column, true);
    }

    private List<byte[]> keys(Column column, boolean sorted) throws IOException {
        List<byte[]> keys = new ArrayList<>();
        new IndexFormat(rows.schema(), column.name()).readKeys(store, "leaf.parquet", keys::add);
        if (sorted) {
            keys.sort(Arrays::compareUnsigned);
        }
        return keys;
    }

    private DatasetFile write(Column column, List<byte[]> keys) throws IOException {
        IndexFormat format = new IndexFormat(rows.schema(), column.name());
        try (StoreOutput output = store.create("part.parquet");
                IndexFormat.Part part = format.create(output)) {
            for (byte[] key : keys) {
                part.add(key, PIXEL);
            }
            return part.finish("part.parquet", "index/part.0.parquet");
        }
    }

    private static long count(Statement statement, String query) throws Exception {
        try (ResultSet result = statement.executeQuery("SELECT count(*) FROM (%s)".formatted(query))) {
            result.next();
            return result.getLong(1);
        }
    }
}
