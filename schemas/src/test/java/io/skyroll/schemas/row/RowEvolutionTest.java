package io.skyroll.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.wire.AvroBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RowEvolutionTest {
    private static final Column ID = new Column("id", ColumnType.INT32, false);
    /** The number 5 as a nullable int: the second branch, then 10 in zig-zag. */
    private static final byte[] FIVE = {2, 10};

    private static final Schema FORMER = schema(
            Map.of(),
            List.of(1, 2, 3, 4),
            ID,
            column("mag", ColumnType.FLOAT32),
            column("name", ColumnType.STRING),
            column("price", ColumnType.decimal(5, 2)));

    @Test
    void columnsThatStayAreWidenedRenamedAndMovedWithTheirValues() throws IOException {
        Schema later = schema(
                Map.of(),
                List.of(1, 2, 3, 4),
                new Column("id", ColumnType.INT64, false),
                column("magnitude", ColumnType.FLOAT64),
                column("label", ColumnType.STRING),
                column("price", ColumnType.decimal(9, 2)));

        GenericRecord row = converted(row(7, 1.5f, "Vega", (byte) 99), later);

        assertThat(row.get("id")).isEqualTo(7L);
        assertThat(row.get("magnitude")).isEqualTo(1.5);
        assertThat(row.get("label")).hasToString("Vega");
        assertThat(row.get("price")).isEqualTo(ByteBuffer.wrap(new byte[] {99}));
    }

    @Test
    void nullsStayNulls() throws IOException {
        Schema later = schema(
                Map.of(), List.of(1, 2, 3), ID, column("mag", ColumnType.FLOAT64), column("name", ColumnType.STRING));

        GenericRecord row = converted(row(7, null, null, null), later);

        assertThat(row.get("mag")).isNull();
        assertThat(row.get("name")).isNull();
    }

    @Test
    void newColumnsHaveWhatTheSourceGivesOldRows() throws IOException {
        Schema later = schema(
                Map.of(5, FIVE), List.of(1, 5, 6), ID, column("n", ColumnType.INT32), column("m", ColumnType.INT32));

        GenericRecord row = converted(row(7, 1f, "x", null), later);

        assertThat(row.get("n")).isEqualTo(5);
        assertThat(row.get("m")).isNull();
    }

    /** The name is the same, the column is another one. */
    @Test
    void columnsThatWereDroppedAndAddedAgainHaveNothingInCommon() throws IOException {
        Schema later = schema(Map.of(), List.of(1, 5), ID, column("name", ColumnType.STRING));

        assertThat(converted(row(7, 1f, "Vega", null), later).get("name")).isNull();
    }

    @Test
    void schemasSayWhatTheyAreAfterTheRegistryToo() {
        Schema marked = schema(Map.of(2, FIVE), List.of(1, 2), ID, column("n", ColumnType.INT32));

        ColumnOrigins read =
                ColumnOrigins.of(new Schema.Parser().parse(marked.toString())).orElseThrow();

        assertThat(read.numbers()).containsExactly(1, 2);
        assertThat(read.defaults()).containsOnlyKeys(2);
        assertThat(read.defaults().get(2)).isEqualTo(FIVE);
        assertThat(ColumnOrigins.of(RowSchema.parse(marked).toAvro())).isEmpty();
    }

    @Test
    void refusesWhatCannotKeepEveryValueAndSaysAllOfIt() {
        Schema later = schema(
                Map.of(),
                List.of(1, 2, 3, 4, 5),
                ID,
                column("mag", ColumnType.INT32),
                new Column("name", ColumnType.STRING, false),
                column("price", ColumnType.decimal(9, 3)),
                new Column("added", ColumnType.INT32, false));

        assertThatThrownBy(() -> RowEvolution.between(FORMER, later))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("column \"mag\" was float32 and is int32 now: not every value stays the same")
                .hasMessageContaining("column \"name\" was nullable")
                .hasMessageContaining("column \"price\" was decimal(5,2) and is decimal(9,3) now")
                .hasMessageContaining("column \"added\" is new, and not nullable");
    }

    @Test
    void refusesAnotherKey() {
        Schema renamed = schema(Map.of(), List.of(1), new Column("star", ColumnType.INT32, false));
        Schema other = schema(Map.of(), List.of(7), ID);

        assertThatThrownBy(() -> RowEvolution.between(FORMER, renamed))
                .hasMessageContaining("column \"id\" of the primary key is called \"star\" now");
        assertThatThrownBy(() -> RowEvolution.between(FORMER, other))
                .hasMessageContaining("the primary key was [id] and is [id] now");
    }

    private static Column column(String name, ColumnType type) {
        return new Column(name, type, true);
    }

    /** The first column is the key. */
    private static Schema schema(Map<Integer, byte[]> defaults, List<Integer> numbers, Column... columns) {
        RowSchema rows = new RowSchema("sky.stars", List.of(columns), List.of(columns[0].name()));
        return new ColumnOrigins(numbers, defaults).mark(rows.toAvro());
    }

    private static GenericRecord row(@Nullable Object... values) {
        GenericRecord row = new GenericData.Record(FORMER);
        for (int i = 0; i < values.length; i++) {
            row.put(i, values[i] instanceof Byte unscaled ? ByteBuffer.wrap(new byte[] {unscaled}) : values[i]);
        }
        return row;
    }

    /** Behind another byte, and read back by Avro. */
    private static GenericRecord converted(GenericRecord row, Schema later) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0x55);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(FORMER).write(row, encoder);
        AvroBuffer target = new AvroBuffer(1);

        int end = RowEvolution.between(FORMER, later).convert(bytes.toByteArray(), 1, target);

        assertThat(end).isEqualTo(bytes.size());
        return new GenericDatumReader<GenericRecord>(later)
                .read(null, DecoderFactory.get().binaryDecoder(target.toBytes(), null));
    }
}
