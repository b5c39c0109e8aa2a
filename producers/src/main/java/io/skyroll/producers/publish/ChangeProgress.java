package io.skyroll.producers.publish;

import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.schemas.wire.WireFormat;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.LogicalTypes;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericRecord;

/**
 * How far a pipeline's rows topics follow the database: the record of the progress topic that is written in the same transaction as the
 * changes that it tells of. What the slot delivers again from before it is known already.
 *
 * @param slot the replication slot that the changes came from
 * @param system the database's system identifier
 * @param position of the last change that is written; with every change of its transaction that is not behind it
 * @param time when that was committed
 * @param tables what stands in each table's rows topic since its last control record
 */
public record ChangeProgress(String slot, String system, Position position, Instant time, List<TableChanges> tables) {

    /**
     * What stands in a table's rows topic since its last control record.
     *
     * @param schemaId the registry's id of the schema of its rows
     * @param control the position of the last control record
     * @param rows rows put into each partition since then
     * @param storage what the rows of each of its relations were stored as when this became the form of its rows, by the relation's object
     *     identifier
     * @param stopped why changes of the table are not written any more; empty while they are
     */
    public record TableChanges(
            TableName table,
            int schemaId,
            Position control,
            List<Long> rows,
            Map<Long, Long> storage,
            Optional<String> stopped) {
        public TableChanges {
            rows = List.copyOf(rows);
            storage = Map.copyOf(storage);
        }
    }

    /** In place of a chunk's number in the key of the record. */
    static final int CHUNK = -2;

    static final Schema SCHEMA = schema();

    public ChangeProgress {
        tables = List.copyOf(tables);
    }

    /** What stands in one table's rows topic; empty when the table was not followed. */
    public Optional<TableChanges> of(TableName table) {
        return tables.stream().filter(changes -> changes.table().equals(table)).findFirst();
    }

    byte[] encode(int schemaId) {
        Schema position = SCHEMA.getField("position").schema();
        Schema element = SCHEMA.getField("tables").schema().getElementType();
        List<GenericRecord> written = new ArrayList<>();
        for (TableChanges changes : tables) {
            GenericRecord table = new GenericData.Record(element);
            table.put("schema", changes.table().schema());
            table.put("table", changes.table().table());
            table.put(
                    "control", new GenericData.Fixed(position, changes.control().toBytes()));
            table.put("schema_id", changes.schemaId());
            table.put("rows", changes.rows());
            Map<String, Long> storage = new TreeMap<>();
            changes.storage().forEach((oid, number) -> storage.put(oid.toString(), number));
            table.put("storage", storage);
            table.put("stopped", changes.stopped().orElse(null));
            written.add(table);
        }
        GenericRecord message = new GenericData.Record(SCHEMA);
        message.put("slot", slot);
        message.put("system", system);
        message.put("position", new GenericData.Fixed(position, this.position.toBytes()));
        message.put("time", ChronoUnit.MICROS.between(Instant.EPOCH, time));
        message.put("tables", written);
        return WireFormat.encode(schemaId, message);
    }

    static ChangeProgress decode(byte[] value, Schema writer, String pipeline) {
        GenericRecord message = WireFormat.decode(value, writer, SCHEMA);
        List<TableChanges> tables = ((List<?>) message.get("tables"))
                .stream()
                        .map(GenericRecord.class::cast)
                        .map(table -> new TableChanges(
                                new TableName(
                                        pipeline,
                                        table.get("schema").toString(),
                                        table.get("table").toString()),
                                (Integer) table.get("schema_id"),
                                position(table, "control"),
                                ((List<?>) table.get("rows"))
                                        .stream().map(Long.class::cast).toList(),
                                storage((Map<?, ?>) table.get("storage")),
                                Optional.ofNullable(table.get("stopped")).map(Object::toString)))
                        .toList();
        return new ChangeProgress(
                message.get("slot").toString(),
                message.get("system").toString(),
                position(message, "position"),
                Instant.EPOCH.plus((Long) message.get("time"), ChronoUnit.MICROS),
                tables);
    }

    private static Map<Long, Long> storage(Map<?, ?> written) {
        Map<Long, Long> storage = new HashMap<>();
        written.forEach((oid, number) -> storage.put(Long.valueOf(oid.toString()), (Long) number));
        return storage;
    }

    private static Position position(GenericRecord message, String field) {
        return Position.of(((GenericData.Fixed) message.get(field)).bytes());
    }

    private static Schema schema() {
        Schema position =
                Schema.createFixed("Position", "epoch, LSN and sequence, big-endian", "io.skyroll", Position.BYTES);
        Schema time = LogicalTypes.timestampMicros().addToSchema(Schema.create(Schema.Type.LONG));
        Schema table = SchemaBuilder.record("TableChanges")
                .namespace("io.skyroll")
                .fields()
                .requiredString("schema")
                .requiredString("table")
                .requiredInt("schema_id")
                .name("control")
                .type(position)
                .noDefault()
                .name("rows")
                .type(Schema.createArray(Schema.create(Schema.Type.LONG)))
                .noDefault()
                .name("storage")
                .type(Schema.createMap(Schema.create(Schema.Type.LONG)))
                .withDefault(Map.of())
                .optionalString("stopped")
                .endRecord();
        return SchemaBuilder.record("ChangeProgress")
                .namespace("io.skyroll")
                .fields()
                .requiredString("slot")
                .requiredString("system")
                .name("position")
                .type(position)
                .noDefault()
                .name("time")
                .type(time)
                .noDefault()
                .name("tables")
                .type(Schema.createArray(table))
                .noDefault()
                .endRecord();
    }
}
