package io.skyroll.producers.publish;

import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.wire.WireFormat;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * A record of the progress topic: how far a table's snapshot has come. Written in the same transaction as what it tells of. The
 * topic keeps the newest record per table and chunk; those of a chunk that belong to an older position mean nothing any more.
 *
 * @param stage what has happened
 * @param position the snapshot's position
 * @param system the source's system identifier
 * @param workers how many workers the run has: the transactional ids that the next run must fence
 * @param chunks how many chunks the table is read in, or {@link #NO_ROWS}
 * @param relation what the chunk was read from, in SQL; empty unless a chunk
 * @param firstBlock the chunk's first block
 * @param endBlock the block behind the chunk's last one, -1 for up to the relation's end
 * @param rows rows put into each partition of the rows topic: by the chunk, or by all when the cut is written; else empty
 * @param time when the source was in the snapshot's state
 */
public record SnapshotProgress(
        Stage stage,
        Position position,
        String system,
        int workers,
        int chunks,
        String relation,
        long firstBlock,
        long endBlock,
        List<Long> rows,
        Instant time) {

    /** What a progress record tells. */
    public enum Stage {
        /** The reset stands in the rows topic. */
        STARTED,
        /** A chunk's rows stand in the rows topic. */
        CHUNK_DONE,
        /** The cut stands in the rows topic: the snapshot is whole. */
        CUT_WRITTEN
    }

    /** In place of the number of chunks: the rows are not read, and only changes are followed. */
    public static final int NO_ROWS = -1;

    /** The chunk number of records about a table's snapshot as a whole. */
    public static final int WHOLE_TABLE = -1;

    /** Schema of the keys: the table as the database spells it, and the chunk's number in the table or {@link #WHOLE_TABLE}. */
    static final Schema KEY_SCHEMA = SchemaBuilder.record("ProgressKey")
            .namespace("io.skyroll")
            .fields()
            .requiredString("schema")
            .requiredString("table")
            .requiredInt("chunk")
            .endRecord();

    static final Schema SCHEMA = valueSchema();

    public SnapshotProgress {
        rows = List.copyOf(rows);
    }

    static SnapshotProgress started(Position position, String system, int workers, int chunks, Instant time) {
        return new SnapshotProgress(Stage.STARTED, position, system, workers, chunks, "", 0, 0, List.of(), time);
    }

    SnapshotProgress chunkDone(String from, long first, long end, List<Long> written) {
        return new SnapshotProgress(
                Stage.CHUNK_DONE, position, system, workers, chunks, from, first, end, written, time);
    }

    SnapshotProgress cutWritten(List<Long> written) {
        return new SnapshotProgress(Stage.CUT_WRITTEN, position, system, workers, chunks, "", 0, 0, written, time);
    }

    static byte[] encodeKey(int schemaId, String schema, String table, int chunk) {
        GenericRecord key = new GenericData.Record(KEY_SCHEMA);
        key.put("schema", schema);
        key.put("table", table);
        key.put("chunk", chunk);
        return WireFormat.encode(schemaId, key);
    }

    byte[] encode(int schemaId) {
        GenericRecord message = new GenericData.Record(SCHEMA);
        message.put("stage", new GenericData.EnumSymbol(SCHEMA.getField("stage").schema(), stage.name()));
        message.put(
                "position", new GenericData.Fixed(SCHEMA.getField("position").schema(), position.toBytes()));
        message.put("system", system);
        message.put("workers", workers);
        message.put("chunks", chunks);
        message.put("relation", relation);
        message.put("first_block", firstBlock);
        message.put("end_block", endBlock);
        message.put("rows", rows);
        message.put("time", ChronoUnit.MICROS.between(Instant.EPOCH, time));
        return WireFormat.encode(schemaId, message);
    }

    static SnapshotProgress decode(byte[] value, Schema writer) {
        GenericRecord message = WireFormat.decode(value, writer, SCHEMA);
        return new SnapshotProgress(
                Stage.valueOf(message.get("stage").toString()),
                Position.of(((GenericData.Fixed) message.get("position")).bytes()),
                message.get("system").toString(),
                (Integer) message.get("workers"),
                (Integer) message.get("chunks"),
                message.get("relation").toString(),
                (Long) message.get("first_block"),
                (Long) message.get("end_block"),
                ((List<?>) message.get("rows")).stream().map(Long.class::cast).toList(),
                Instant.EPOCH.plus((Long) message.get("time"), ChronoUnit.MICROS));
    }

    private static Schema valueSchema() {
        Schema position =
                Schema.createFixed("Position", "epoch, LSN and sequence, big-endian", "io.skyroll", Position.BYTES);
        Schema time = LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
        return SchemaBuilder.record("SnapshotProgress")
                .namespace("io.skyroll")
                .fields()
                .name("stage")
                .type()
                .enumeration("Stage")
                .symbols("STARTED", "CHUNK_DONE", "CUT_WRITTEN")
                .noDefault()
                .name("position")
                .type(position)
                .noDefault()
                .requiredString("system")
                .requiredInt("workers")
                .requiredInt("chunks")
                .requiredString("relation")
                .requiredLong("first_block")
                .requiredLong("end_block")
                .name("rows")
                .type()
                .array()
                .items()
                .longType()
                .noDefault()
                .name("time")
                .type(time)
                .noDefault()
                .endRecord();
    }
}
