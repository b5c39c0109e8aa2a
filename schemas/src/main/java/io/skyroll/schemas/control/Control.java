package io.skyroll.schemas.control;

import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.wire.WireFormat;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * A control record. It stands in every partition of a topic, written to all of them in one Kafka transaction.
 *
 * <p>A <em>cut</em> at P says: everything up to position P has been written before this. A <em>reset</em> at P says: everything
 * before position P is void. In a rows topic the producer is the only upstream; in a sky topic each partition of the rows topic is one.
 *
 * @param kind cut or reset
 * @param position P
 * @param since the cut or reset that the counts of a cut start after; empty for the first, and for resets
 * @param upstream which of the upstream partitions wrote this copy, from 0
 * @param upstreams how many upstream partitions will write a copy of this record into each partition
 * @param rowsIn rows that the upstream read since then (in a rows topic the same as rows)
 * @param rows rows that the upstream put into this partition since then; a reader that counts fewer has lost some
 * @param rejects rows that the upstream rejected since then, by rule; every partition's copy carries the same
 * @param schemaId the registry's id of the row schema that rows have from here on, so that all partitions agree on it
 * @param system what tells one source system from another: for PostgreSQL its system identifier
 * @param time when the source was in the state that the cut names
 */
public record Control(
        Kind kind,
        Position position,
        Optional<Position> since,
        int upstream,
        int upstreams,
        long rowsIn,
        long rows,
        Map<String, Long> rejects,
        int schemaId,
        String system,
        Instant time) {

    /** The two kinds of control record. */
    public enum Kind {
        CUT,
        RESET
    }

    /** The Avro schema, registered under the topic's control subject. */
    public static final Schema SCHEMA = schema();

    public Control {
        rejects = Map.copyOf(rejects);
        if (upstream < 0 || upstream >= upstreams) {
            throw new IllegalArgumentException("upstream must be in [0, %d): %d".formatted(upstreams, upstream));
        }
    }

    public static Control cut(
            Position position, Optional<Position> since, long rows, int schemaId, String system, Instant time) {
        return new Control(Kind.CUT, position, since, 0, 1, rows, rows, Map.of(), schemaId, system, time);
    }

    public static Control reset(Position position, int schemaId, String system, Instant time) {
        return new Control(Kind.RESET, position, Optional.empty(), 0, 1, 0, 0, Map.of(), schemaId, system, time);
    }

    /** The copy that a partition of the rows topic forwards into one partition of the sky topic. */
    public Control forwarded(int from, int ofUpstreams, long newRowsIn, long newRows, Map<String, Long> newRejects) {
        return new Control(
                kind, position, since, from, ofUpstreams, newRowsIn, newRows, newRejects, schemaId, system, time);
    }

    /**
     * The record value in the wire format.
     *
     * @param controlSchemaId the registry's id of {@link #SCHEMA}
     */
    public byte[] encode(int controlSchemaId) {
        GenericRecord message = new GenericData.Record(SCHEMA);
        message.put("kind", new GenericData.EnumSymbol(SCHEMA.getField("kind").schema(), kind.name()));
        message.put("position", fixed(position));
        message.put("since", since.map(Control::fixed).orElse(null));
        message.put("upstream", upstream);
        message.put("upstreams", upstreams);
        message.put("rows_in", rowsIn);
        message.put("rows", rows);
        message.put("rejects", new TreeMap<>(rejects));
        message.put("schema_id", schemaId);
        message.put("system", system);
        message.put("time", ChronoUnit.MICROS.between(Instant.EPOCH, time));
        return WireFormat.encode(controlSchemaId, message);
    }

    /** Reads a record value in the wire format, written with the given schema. */
    public static Control decode(byte[] value, Schema writer) {
        GenericRecord message = WireFormat.decode(value, writer, SCHEMA);
        Map<String, Long> rejects = new TreeMap<>();
        ((Map<?, ?>) message.get("rejects")).forEach((rule, count) -> rejects.put(rule.toString(), (Long) count));
        return new Control(
                Kind.valueOf(message.get("kind").toString()),
                position((GenericData.Fixed) message.get("position")),
                Optional.ofNullable((GenericData.Fixed) message.get("since")).map(Control::position),
                (Integer) message.get("upstream"),
                (Integer) message.get("upstreams"),
                (Long) message.get("rows_in"),
                (Long) message.get("rows"),
                rejects,
                (Integer) message.get("schema_id"),
                message.get("system").toString(),
                Instant.EPOCH.plus((Long) message.get("time"), ChronoUnit.MICROS));
    }

    private static GenericData.Fixed fixed(Position position) {
        return new GenericData.Fixed(SCHEMA.getField("position").schema(), position.toBytes());
    }

    private static Position position(GenericData.Fixed fixed) {
        return Position.of(fixed.bytes());
    }

    private static Schema schema() {
        Schema position =
                Schema.createFixed("Position", "epoch, LSN and sequence, big-endian", "io.skyroll", Position.BYTES);
        return SchemaBuilder.record("Control")
                .namespace("io.skyroll")
                .fields()
                .name("kind")
                .type()
                .enumeration("Kind")
                .symbols("CUT", "RESET")
                .noDefault()
                .name("position")
                .type(position)
                .noDefault()
                .name("since")
                .type()
                .optional()
                .type(position)
                .requiredInt("upstream")
                .requiredInt("upstreams")
                .requiredLong("rows_in")
                .requiredLong("rows")
                .name("rejects")
                .type()
                .map()
                .values()
                .longType()
                .noDefault()
                .requiredInt("schema_id")
                .requiredString("system")
                .name("time")
                .type(org.apache.avro.LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG)))
                .noDefault()
                .endRecord();
    }
}
