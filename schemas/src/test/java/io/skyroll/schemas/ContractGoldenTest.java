package io.skyroll.schemas;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.sky.SkyKey;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.BatchReader;
import io.skyroll.schemas.wire.BatchWriter;
import io.skyroll.schemas.wire.WireFormat;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.junit.jupiter.api.Test;

/** The bytes that stages meet in. A change that breaks one of these breaks topics that exist. */
class ContractGoldenTest {
    private static final RowSchema STARS = new RowSchema(
            "public.stars",
            List.of(
                    new Column("hip", ColumnType.INT32, false),
                    new Column("ra", ColumnType.FLOAT64, false),
                    new Column("vmag", ColumnType.FLOAT32, true),
                    new Column("name", ColumnType.STRING, true)),
            List.of("hip"));

    private static final Position POSITION = new Position(1, 0x16B3748L, 2);

    @Test
    void positionIsEpochLsnAndSequenceBigEndian() {
        assertThat(hex(POSITION.toBytes())).isEqualTo("00000001" + "00000000016b3748" + "0000000000000002");
        assertThat(POSITION).hasToString("1:0/16B3748:2");
    }

    @Test
    void headersOfARow() {
        Headers headers = new org.apache.kafka.common.header.internals.RecordHeaders();
        RecordHeaders.put(headers, Op.SNAPSHOT, POSITION, Instant.parse("2026-01-02T03:04:05.678901Z"));
        headers.add(RecordHeaders.HEALPIX, RecordHeaders.pack(new long[] {1, 0x2FFFFFFFFFFFFFFFL, 7}, 2));

        StringBuilder text = new StringBuilder();
        for (Header header : headers) {
            text.append(header.key()).append('=').append(hex(header.value())).append('\n');
        }
        assertThat(text)
                .hasToString(
                        """
                op=72
                pos=0000000100000000016b37480000000000000002
                ts=0006475ef6574f35
                healpix=00000000000000012fffffffffffffff
                """);
    }

    @Test
    void opsAreTheseCodes() {
        assertThat(Op.values()).extracting(Op::code).containsExactly("r", "c", "u", "d", "cut", "reset");
    }

    @Test
    void rowSchemaSaysKeyAndOriginalNames() {
        RowSchema odd = new RowSchema(
                "public.odd",
                List.of(new Column("a b", ColumnType.INT16, false), new Column("m", ColumnType.decimal(9, 2), true)),
                List.of("a b"));

        assertThat(odd.toAvro().toString())
                .isEqualTo("{\"type\":\"record\",\"name\":\"odd\",\"namespace\":\"public\",\"fields\":["
                        + "{\"name\":\"a_x20_b\",\"type\":{\"type\":\"int\",\"skyroll.bits\":16},\"skyroll.column\":\"a b\"},"
                        + "{\"name\":\"m\",\"type\":[\"null\",{\"type\":\"bytes\",\"logicalType\":\"decimal\",\"precision\":9,\"scale\":2}],\"default\":null}"
                        + "],\"skyroll.key\":[\"a b\"]}");
        assertThat(RowSchema.parse(new Schema.Parser().parse(odd.toAvro().toString())))
                .isEqualTo(odd);
    }

    @Test
    void typesOfColumnsInAvro() {
        ColumnType range = ColumnType.record(List.of(
                new Column("lower", ColumnType.INT32, true), new Column("is empty", ColumnType.BOOLEAN, false)));
        RowSchema types = new RowSchema(
                "s.t",
                List.of(
                        new Column("b", ColumnType.BYTES, false),
                        new Column("t", ColumnType.TIME, false),
                        new Column("u", ColumnType.UUID, false),
                        new Column("v", ColumnType.UUID, true),
                        new Column("j", ColumnType.JSON, false),
                        new Column("i", ColumnType.textForm("inet"), false),
                        new Column("l", ColumnType.list(ColumnType.list(ColumnType.FLOAT32)), false),
                        new Column("r", range, true),
                        new Column("m", ColumnType.list(range), false)),
                List.of());

        assertThat(types.toAvro().toString())
                .isEqualTo("{\"type\":\"record\",\"name\":\"t\",\"namespace\":\"s\",\"fields\":["
                        + "{\"name\":\"b\",\"type\":\"bytes\"},"
                        + "{\"name\":\"t\",\"type\":{\"type\":\"long\",\"logicalType\":\"time-micros\"}},"
                        + "{\"name\":\"u\",\"type\":{\"type\":\"fixed\",\"name\":\"uuid\",\"namespace\":\"io.skyroll\",\"size\":16,\"logicalType\":\"uuid\"}},"
                        + "{\"name\":\"v\",\"type\":[\"null\",\"io.skyroll.uuid\"],\"default\":null},"
                        + "{\"name\":\"j\",\"type\":{\"type\":\"string\",\"skyroll.json\":true}},"
                        + "{\"name\":\"i\",\"type\":{\"type\":\"string\",\"skyroll.type\":\"inet\"}},"
                        + "{\"name\":\"l\",\"type\":{\"type\":\"array\",\"items\":[\"null\",{\"type\":\"array\",\"items\":[\"null\",\"float\"]}]}},"
                        + "{\"name\":\"r\",\"type\":[\"null\",{\"type\":\"record\",\"name\":\"r\",\"namespace\":\"s.t\",\"fields\":["
                        + "{\"name\":\"lower\",\"type\":[\"null\",\"int\"],\"default\":null},{\"name\":\"is_x20_empty\",\"type\":\"boolean\",\"skyroll.column\":\"is empty\"}]}],\"default\":null},"
                        + "{\"name\":\"m\",\"type\":{\"type\":\"array\",\"items\":[\"null\",{\"type\":\"record\",\"name\":\"m\",\"namespace\":\"s.t\",\"fields\":["
                        + "{\"name\":\"lower\",\"type\":[\"null\",\"int\"],\"default\":null},{\"name\":\"is_x20_empty\",\"type\":\"boolean\",\"skyroll.column\":\"is empty\"}]}]}}"
                        + "],\"skyroll.key\":[]}");
        assertThat(RowSchema.parse(new Schema.Parser().parse(types.toAvro().toString())))
                .isEqualTo(types);
    }

    @Test
    void batchIsOneArrayBlockWithItsSizeInTheWireFormat() {
        BatchWriter batch = new BatchWriter(258, 16);
        batch.rows().write(row(5, 1.5, 9.5f, "Vega"), 0, row(5, 1.5, 9.5f, "Vega").length);
        batch.endRow();
        batch.addRow(row(-1, 2, null, null), 0, row(-1, 2, null, null).length);

        byte[] value = batch.take();

        String vega = "0a" + "000000000000f83f" + "02" + "00001841" + "02" + "08" + "56656761";
        String other = "01" + "0000000000000040" + "00" + "00";
        assertThat(hex(value)).isEqualTo("00" + "00000102" + "03" + "3e" + vega + other + "00");
        assertThat(batch.count()).isZero();
    }

    @Test
    void batchIsReadableByAvro() {
        BatchWriter batch = new BatchWriter(1, 16);
        byte[] first = row(5, 1.5, 9.5f, "Vega");
        batch.addRow(first, 0, first.length);
        byte[] value = batch.take();

        BatchReader reader = new BatchReader();
        reader.open(value);

        assertThat(reader.hasRow()).isTrue();
        int end = new RowPlan(STARS).end(value, reader.start());
        byte[] wrapped = WireFormat.wrap(1, value, reader.start(), end);
        GenericRecord decoded = WireFormat.decode(wrapped, STARS.toAvro(), STARS.toAvro());
        assertThat(decoded.get("hip")).isEqualTo(5);
        assertThat(decoded.get("name")).hasToString("Vega");
        reader.advance(end);
        assertThat(reader.hasRow()).isFalse();
    }

    @Test
    void skyKeyIsTheCellFollowedByTheRowsKey() {
        byte[] key = HexFormat.of().parseHex("00" + "00000007" + "2fffffffffffffff" + "0a");

        GenericRecord decoded = WireFormat.decode(key, SkyKey.schema(STARS), SkyKey.schema(STARS));

        assertThat(hex(((GenericData.Fixed) decoded.get("healpix_29")).bytes())).isEqualTo("2fffffffffffffff");
        assertThat(((GenericRecord) decoded.get("key")).get("hip")).isEqualTo(5);
    }

    @Test
    void keyBytesOfARowAreItsKeyRecord() {
        byte[] row = row(5, 1.5, null, "Vega");
        RowPlan plan = new RowPlan(STARS);
        int[] offsets = new int[plan.columnCount()];
        int end = plan.locate(row, 0, offsets);
        AvroBuffer key = new AvroBuffer(8);
        plan.writeKey(row, offsets, key);

        assertThat(end).isEqualTo(row.length);
        assertThat(offsets).containsExactly(0, 1, RowPlan.NULL, 11);
        assertThat(hex(key.toBytes())).isEqualTo("0a");
    }

    @Test
    void controlRecordOfACut() {
        Control cut = new Control(
                Control.Kind.CUT,
                POSITION,
                Optional.of(new Position(1, 0x16B0000L, 0)),
                3,
                12,
                100,
                8,
                Map.of("faint", 2L),
                77,
                "7412",
                Instant.parse("2026-01-02T03:04:05.678901Z"));

        byte[] value = cut.encode(9);

        assertThat(hex(value))
                .isEqualTo("00" + "00000009"
                        + "00"
                        + "00000001" + "00000000016b3748" + "0000000000000002"
                        + "02" + "00000001" + "00000000016b0000" + "0000000000000000"
                        + "06" + "18" + "c801" + "10"
                        + "02" + "0a6661696e74" + "04" + "00"
                        + "9a01"
                        + "0837343132"
                        + "eabcbae5ded7a306");
        assertThat(Control.decode(value, Control.SCHEMA)).isEqualTo(cut);
    }

    @Test
    void controlSchemaIsThis() {
        assertThat(Control.SCHEMA.toString())
                .isEqualTo("{\"type\":\"record\",\"name\":\"Control\",\"namespace\":\"io.skyroll\",\"fields\":["
                        + "{\"name\":\"kind\",\"type\":{\"type\":\"enum\",\"name\":\"Kind\",\"symbols\":[\"CUT\",\"RESET\"]}},"
                        + "{\"name\":\"position\",\"type\":{\"type\":\"fixed\",\"name\":\"Position\",\"doc\":\"epoch, LSN and sequence, big-endian\",\"size\":20}},"
                        + "{\"name\":\"since\",\"type\":[\"null\",\"Position\"],\"default\":null},"
                        + "{\"name\":\"upstream\",\"type\":\"int\"},"
                        + "{\"name\":\"upstreams\",\"type\":\"int\"},"
                        + "{\"name\":\"rows_in\",\"type\":\"long\"},"
                        + "{\"name\":\"rows\",\"type\":\"long\"},"
                        + "{\"name\":\"rejects\",\"type\":{\"type\":\"map\",\"values\":\"long\"}},"
                        + "{\"name\":\"schema_id\",\"type\":\"int\"},"
                        + "{\"name\":\"system\",\"type\":\"string\"},"
                        + "{\"name\":\"time\",\"type\":{\"type\":\"long\",\"logicalType\":\"timestamp-micros\"}}]}");
    }

    private static byte[] row(int hip, double ra, Float vmag, String name) {
        AvroBuffer row = new AvroBuffer(8);
        row.writeLong(hip);
        row.writeDoubleBits(Double.doubleToRawLongBits(ra));
        if (vmag == null) {
            row.writeLong(0);
        } else {
            row.writeLong(1);
            row.writeFloatBits(Float.floatToRawIntBits(vmag));
        }
        if (name == null) {
            row.writeLong(0);
        } else {
            row.writeLong(1);
            byte[] text = name.getBytes(StandardCharsets.UTF_8);
            row.writeWithLength(text, 0, text.length);
        }
        return row.toBytes();
    }

    private static String hex(byte[] bytes) {
        return HexFormat.of().formatHex(bytes);
    }
}
