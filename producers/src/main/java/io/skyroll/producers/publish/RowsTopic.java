package io.skyroll.producers.publish;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.topic.Subjects;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.schemas.topic.Topics;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.utils.Utils;

/**
 * A table's rows topic and the schemas of what stands in it.
 *
 * @param name the table
 * @param schema the form of its rows
 * @param partitions number of partitions
 * @param keyId the registry's id of the schema of keys
 * @param rowId the registry's id of the schema of single rows
 * @param batchId the registry's id of the schema of batches
 * @param controlId the registry's id of the schema of control records
 */
public record RowsTopic(
        TableName name, RowSchema schema, int partitions, int keyId, int rowId, int batchId, int controlId) {
    /**
     * Makes sure that the topic exists and can be written to, and that its schemas are registered.
     *
     * @param rows the Avro schema of its rows
     * @throws SkyrollException when the topic has another number of partitions, the registry refuses a schema, or one of them
     *     does not answer
     */
    public static RowsTopic open(Admin admin, SchemaRegistry registry, TableName name, Schema rows, int partitions) {
        Topics.ensureLog(admin, name.rowsTopic(), partitions);
        return registered(registry, name, rows, partitions);
    }

    /** The same for rows whose changes are not followed. */
    public static RowsTopic open(Admin admin, SchemaRegistry registry, TableName name, RowSchema rows, int partitions) {
        return open(admin, registry, name, rows.toAvro(), partitions);
    }

    private static RowsTopic registered(SchemaRegistry registry, TableName name, Schema rows, int partitions) {
        RowSchema schema = RowSchema.parse(rows);
        String topic = name.rowsTopic();
        return new RowsTopic(
                name,
                schema,
                partitions,
                registry.register(Subjects.key(topic), schema.toKeyAvro()),
                registry.register(Subjects.value(topic), rows),
                registry.register(Subjects.batch(topic), Schema.createArray(rows)),
                registry.register(Subjects.control(topic), Control.SCHEMA));
    }

    /**
     * The topic when rows have another form.
     *
     * @throws SkyrollException when the registry refuses a schema, or does not answer
     */
    public RowsTopic evolve(SchemaRegistry registry, Schema rows) {
        return registered(registry, name, rows, partitions);
    }

    public String topic() {
        return name.rowsTopic();
    }

    /** The partition of a row, by the Avro binary of its key record. */
    public int partition(byte[] key) {
        return Utils.toPositive(Utils.murmur2(key)) % partitions;
    }

    /** A control record for one partition. */
    public ProducerRecord<byte[], byte[]> message(int partition, Control control) {
        Op op = control.kind() == Control.Kind.RESET ? Op.RESET : Op.CUT;
        Headers headers = RecordHeaders.put(
                new org.apache.kafka.common.header.internals.RecordHeaders(), op, control.position(), control.time());
        return new ProducerRecord<byte[], byte[]>(topic(), partition, null, control.encode(controlId), headers);
    }
}
