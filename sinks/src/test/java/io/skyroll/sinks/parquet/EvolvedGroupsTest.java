package io.skyroll.sinks.parquet;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnOrigins;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowEvolution;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.leaf.EvolvedRows;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.storage.InMemoryStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.apache.avro.Schema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EvolvedGroupsTest {
    private static final byte[] SEVEN = {2, 14};

    private final InMemoryStore store = new InMemoryStore();

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12})
    void evolvedLeavesAreThoseThatTheConvertedRowsGive(long seed) throws IOException {
        Random random = new Random(seed);
        RowSchema former = nullable(SampleRows.randomSchema(random));
        Map<Integer, byte[]> defaults = new HashMap<>();
        List<Integer> numbers = new ArrayList<>();
        RowSchema later = later(former, random, numbers, defaults);
        Schema from = new ColumnOrigins(
                        IntStream.rangeClosed(1, former.columns().size())
                                .boxed()
                                .toList(),
                        Map.of())
                .mark(former.toAvro());
        RowEvolution evolution = RowEvolution.between(from, new ColumnOrigins(numbers, defaults).mark(later.toAvro()));
        SampleRows rows = SampleRows.random(former, 500, random);
        ParquetLeaves formerLeaves = new ParquetLeaves(former);
        ParquetLeaves laterLeaves = new ParquetLeaves(later);
        encode(formerLeaves, "former", List.of(rows.cursor(0, 200), rows.cursor(200, 500)));
        encode(
                laterLeaves,
                "wanted",
                List.of(
                        new EvolvedRows(rows.cursor(0, 200), evolution),
                        new EvolvedRows(rows.cursor(200, 500), evolution)));

        try (LeafReader reader = formerLeaves.open(store.open("former"));
                LeafWriter writer = laterLeaves.create(store.create("evolved"))) {
            writer.evolve(reader, 0, evolution);
            writer.evolve(reader, 1, evolution);
            writer.finish();
        }

        assertThat(store.read("evolved").orElseThrow())
                .isEqualTo(store.read("wanted").orElseThrow());
    }

    /** Some columns dropped, some renamed, in every third seed an int widened, two added. */
    private static RowSchema later(
            RowSchema former, Random random, List<Integer> numbers, Map<Integer, byte[]> defaults) {
        boolean isWidened = random.nextInt(3) == 0;
        List<Column> columns = new ArrayList<>();
        for (int i = 0; i < former.columns().size(); i++) {
            Column column = former.columns().get(i);
            if (random.nextInt(4) > 0) {
                String name = random.nextInt(3) == 0 ? "renamed" + i : column.name();
                ColumnType type =
                        isWidened && column.type().equals(ColumnType.INT32) ? ColumnType.INT64 : column.type();
                columns.add(new Column(name, type, true));
                numbers.add(i + 1);
            }
        }
        columns.add(new Column("seven", ColumnType.INT32, true));
        columns.add(new Column("nothing", ColumnType.list(ColumnType.STRING), true));
        numbers.addAll(List.of(100, 101));
        defaults.put(100, SEVEN);
        return new RowSchema(former.name(), columns, List.of());
    }

    private static RowSchema nullable(RowSchema schema) {
        List<Column> columns = new ArrayList<>();
        for (Column column : schema.columns()) {
            columns.add(new Column(column.name(), column.type(), true));
        }
        columns.add(new Column("int", ColumnType.INT32, true));
        return new RowSchema(schema.name(), columns, List.of());
    }

    private void encode(ParquetLeaves leaves, String path, List<RowCursor> groups) throws IOException {
        try (LeafWriter writer = leaves.create(store.create(path))) {
            groups.forEach(writer::encode);
            writer.finish();
        }
    }
}
