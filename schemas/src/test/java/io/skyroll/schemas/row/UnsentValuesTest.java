package io.skyroll.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.wire.AvroBuffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
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

class UnsentValuesTest {
    private static final RowSchema ROWS = new RowSchema(
            "sky.stars",
            List.of(
                    new Column("id", ColumnType.INT32, false),
                    new Column("name", ColumnType.STRING, true),
                    new Column("mag", ColumnType.FLOAT32, true),
                    new Column("spectrum", ColumnType.STRING, true)),
            List.of("id"));
    private static final Schema SCHEMA = new ColumnOrigins(List.of(1, 5, 3, 2000), Map.of()).mark(ROWS.toAvro());

    private final UnsentValues values = new UnsentValues(SCHEMA);
    private final AvroBuffer target = new AvroBuffer(1);

    @Test
    void takesUnsentColumnsAloneFromTheKnownRow() throws IOException {
        byte[] known = bytes(row(7, "Vega", 1f, "long"));

        List<Integer> unknown = values.fill(bytes(row(7, null, 2f, null)), 1, List.of(5), known, 1, target);

        assertThat(unknown).isEmpty();
        assertThat(read()).isEqualTo(row(7, "Vega", 2f, null));
    }

    @Test
    void namesWhatIsUnknownAndPassesOverColumnsThatAreGone() throws IOException {
        byte[] known = bytes(row(7, "Vega", null, null));

        List<Integer> unknown = values.fill(bytes(row(7, null, null, null)), 1, List.of(2000, 4, 5), known, 1, target);

        assertThat(unknown).containsExactly(2000);
        assertThat(values.names(unknown)).containsExactly("spectrum");
        assertThat(read()).isEqualTo(row(7, "Vega", null, null));
    }

    @Test
    void numbersStandInTwoBytesEach() {
        assertThat(UnsentValues.pack(List.of(2, 1600))).isEqualTo(new byte[] {0, 2, 6, 64});
        assertThat(UnsentValues.unpack(new byte[] {0, 2, 6, 64})).containsExactly(2, 1600);
    }

    @Test
    void columnsHaveToBeNumbered() {
        assertThatThrownBy(() -> new UnsentValues(ROWS.toAvro()))
                .hasMessage("sky.stars: values of rows were not sent, but the schema does not number the columns");
    }

    /** The rows of these columns that are large: 32 bytes, 64 for each text, 8 for the others, and twice the texts' bytes. */
    @Test
    void ofLargeRowsTheKeyAndTheTextsAreKept() throws IOException {
        LargeValues large = new LargeValues(ROWS);
        int threshold = (2032 - 32 - 2 * 64 - 2 * 8) / 2;
        byte[] small = bytes(row(7, "x".repeat(threshold - 4), 1f, "y"));
        byte[] one = bytes(row(7, "x".repeat(threshold), 1f, "y"));

        assertThat(large.areThere()).isTrue();
        assertThat(large.mayBeIn(small, 1, small.length)).isFalse();
        assertThat(large.mayBeIn(one, 1, one.length)).isTrue();
        large.write(one, 1, target);
        assertThat(read()).isEqualTo(row(7, "x".repeat(threshold), null, "y"));
    }

    @Test
    void keysAndNumbersAreNeverLarge() {
        List<Column> columns =
                List.of(new Column("name", ColumnType.STRING, false), new Column("mag", ColumnType.FLOAT32, true));

        assertThat(new LargeValues(new RowSchema("sky.stars", columns, List.of("name"))).areThere())
                .isFalse();
    }

    private static GenericRecord row(@Nullable Object... values) {
        GenericRecord row = new GenericData.Record(SCHEMA);
        for (int i = 0; i < values.length; i++) {
            row.put(i, values[i]);
        }
        return row;
    }

    /** Behind another byte. */
    private static byte[] bytes(GenericRecord row) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(0x55);
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
        new GenericDatumWriter<GenericRecord>(SCHEMA).write(row, encoder);
        return bytes.toByteArray();
    }

    private GenericRecord read() throws IOException {
        return new GenericDatumReader<GenericRecord>(SCHEMA)
                .read(null, DecoderFactory.get().binaryDecoder(target.toBytes(), null));
    }
}
