package io.skyroll.streams.topology;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnOrigins;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.Identity;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.topic.Subjects;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.streams.row.FilterSettings;
import io.skyroll.streams.row.SkyColumns;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** A table of stars and the records that a producer writes about it, encoded by Avro's own classes. */
final class Stars {
    static final TableName TABLE = new TableName("sky", "public", "stars");
    static final RowSchema SCHEMA = new RowSchema(
            "public.stars",
            List.of(
                    new Column("id", ColumnType.INT64, false),
                    new Column("name", ColumnType.STRING, true),
                    new Column("ra", ColumnType.FLOAT64, true),
                    new Column("dec", ColumnType.FLOAT64, true),
                    new Column("mag", ColumnType.FLOAT32, true)),
            List.of("id"));
    static final Position P1 = new Position(1, 100, 0);
    static final Position P2 = new Position(1, 200, 0);
    static final Position P3 = new Position(1, 300, 0);
    static final Instant TIME = Instant.parse("2026-01-02T03:04:05.678901Z");

    private final SchemaRegistry registry;
    private final RowSchema schema;
    private final Schema avro;
    final int rowId;
    final int batchId;
    final int keyId;
    final int controlId;

    Stars(SchemaRegistry registry) {
        this(registry, SCHEMA);
    }

    Stars(SchemaRegistry registry, RowSchema schema) {
        this(registry, schema, schema.toAvro());
    }

    /** Stars whose changes tell nothing but their key. */
    static Stars followed(SchemaRegistry registry) {
        return followed(registry, SCHEMA, List.of(1, 2, 3, 4, 5));
    }

    /** The same with other columns, of which the source has these numbers. */
    static Stars followed(SchemaRegistry registry, RowSchema schema, List<Integer> numbers) {
        Schema rows = new ColumnOrigins(numbers, Map.of()).mark(Identity.KEY.mark(schema.toAvro()));
        return new Stars(registry, schema, rows);
    }

    private Stars(SchemaRegistry registry, RowSchema schema, Schema avro) {
        this.registry = registry;
        this.schema = schema;
        this.avro = avro;
        rowId = registry.register(Subjects.value(TABLE.rowsTopic()), avro);
        batchId = registry.register(Subjects.batch(TABLE.rowsTopic()), Schema.createArray(avro));
        keyId = registry.register(Subjects.key(TABLE.rowsTopic()), schema.toKeyAvro());
        controlId = registry.register(Subjects.control(TABLE.rowsTopic()), Control.SCHEMA);
    }

    /** The table's schema after a column was added. */
    static RowSchema wider() {
        List<Column> columns = new ArrayList<>(SCHEMA.columns());
        columns.add(new Column("extra", ColumnType.BOOLEAN, true));
        return new RowSchema(SCHEMA.name(), columns, SCHEMA.keyColumns());
    }

    static SkyStreamSettings settings(FilterSettings... filters) {
        return settings(new SkyPartitions(0, 3), 2, filters);
    }

    static SkyStreamSettings settings(SkyPartitions sky, int rowsPartitions, FilterSettings... filters) {
        return settings(sky, rowsPartitions, false, filters);
    }

    static SkyStreamSettings settings(
            SkyPartitions sky, int rowsPartitions, boolean followsChanges, FilterSettings... filters) {
        return settings(Optional.of(new SkyColumns("ra", "dec")), sky, rowsPartitions, followsChanges, filters);
    }

    /** Of a table without coordinates, whose changes are followed. */
    static SkyStreamSettings withoutSky(SkyPartitions sky, int rowsPartitions, FilterSettings... filters) {
        return settings(Optional.empty(), sky, rowsPartitions, true, filters);
    }

    private static SkyStreamSettings settings(
            Optional<SkyColumns> columns,
            SkyPartitions sky,
            int rowsPartitions,
            boolean followsChanges,
            FilterSettings... filters) {
        return new SkyStreamSettings(
                TABLE,
                "localhost:1",
                Map.of(),
                Path.of("target", "state"),
                1,
                Duration.ofMillis(100),
                columns,
                List.of(filters),
                sky,
                rowsPartitions,
                followsChanges,
                Optional.empty());
    }

    GenericRecord star(
            long id, @Nullable Object name, @Nullable Object ra, @Nullable Object dec, @Nullable Object mag) {
        GenericRecord star = new GenericData.Record(avro);
        star.put("id", id);
        star.put("name", name);
        star.put("ra", ra);
        star.put("dec", dec);
        star.put("mag", mag);
        return star;
    }

    GenericRecord star(long id, double ra, double dec) {
        return star(id, "star " + id, ra, dec, 10.5f);
    }

    /** A row of a schema with other columns. */
    GenericRecord row(RowSchema columns, @Nullable Object... values) {
        GenericRecord row = new GenericData.Record(avro);
        for (int column = 0; column < values.length; column++) {
            row.put(columns.columns().get(column).avroName(), values[column]);
        }
        return row;
    }

    byte[] rowValue(GenericRecord star) {
        return encode(rowId, avro, star);
    }

    byte[] batchValue(List<GenericRecord> stars) {
        return encode(batchId, schema.toBatchAvro(), stars);
    }

    byte[] keyValue(long id) {
        GenericRecord key = new GenericData.Record(schema.toKeyAvro());
        key.put("id", id);
        return encode(keyId, schema.toKeyAvro(), key);
    }

    byte[] cutValue(Position position, Optional<Position> since, long rows) {
        return Control.cut(position, since, rows, rowId, "system", TIME).encode(controlId);
    }

    byte[] resetValue(Position position) {
        return Control.reset(position, rowId, "system", TIME).encode(controlId);
    }

    static Headers headers(Op op, Position position) {
        return RecordHeaders.put(new org.apache.kafka.common.header.internals.RecordHeaders(), op, position, TIME);
    }

    /** Decodes a batch with Avro's own reader. */
    List<GenericRecord> batch(byte[] value) {
        List<GenericRecord> rows = new ArrayList<>();
        for (Object row : (List<?>) decode(value)) {
            rows.add((GenericRecord) row);
        }
        return rows;
    }

    /** Decodes a key or value in the wire format with Avro's own reader. */
    Object decode(byte[] value) {
        Schema writer = registry.schema(ByteBuffer.wrap(value, 1, 4).getInt());
        try {
            return new GenericDatumReader<>(writer)
                    .read(null, DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, null));
        } catch (IOException torn) {
            throw new UncheckedIOException(torn);
        }
    }

    Control control(byte[] value) {
        return Control.decode(
                value, registry.schema(ByteBuffer.wrap(value, 1, 4).getInt()));
    }

    private static byte[] encode(int id, Schema schema, Object datum) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(5).put((byte) 0).putInt(id).array());
        BinaryEncoder encoder = EncoderFactory.get().binaryEncoder(out, null);
        try {
            new GenericDatumWriter<>(schema).write(datum, encoder);
            encoder.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }
}
