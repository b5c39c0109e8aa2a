package io.skyroll.sinks.consume;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.wire.WireFormat;
import io.skyroll.sinks.intake.PartitionIntake;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;

/** Hands the records of a sky topic to the intake of their partition. Owned by the consumer's thread. */
final class RecordReader {
    private final SchemaRegistry registry;
    private final Map<Integer, Form> forms = new HashMap<>();

    RecordReader(SchemaRegistry registry) {
        this.registry = registry;
    }

    /**
     * Reads one record.
     *
     * @return the number of rows in it
     */
    int read(ConsumerRecord<byte[], byte[]> message, PartitionIntake intake) {
        try {
            return readChecked(message, intake);
        } catch (IllegalArgumentException | NullPointerException foreign) {
            throw SkyrollException.defect(
                    "%s-%d@%d is not a record of Skyroll's"
                            .formatted(message.topic(), message.partition(), message.offset()),
                    foreign);
        }
    }

    private int readChecked(ConsumerRecord<byte[], byte[]> message, PartitionIntake intake) {
        Headers headers = message.headers();
        Op op = RecordHeaders.op(headers);
        byte[] value = message.value();
        if (op.isControl()) {
            intake.addControl(Control.decode(value, registry.schema(WireFormat.schemaId(value))), message.offset());
            return 0;
        }
        Position position = RecordHeaders.position(headers);
        if (op == Op.DELETE) {
            intake.addDelete(position, message.offset(), message.key());
            return 1;
        }
        Form form = forms.computeIfAbsent(WireFormat.schemaId(value), this::form);
        if (!form.isBatch()) {
            intake.addRow(position, message.offset(), message.key(), value);
            return 1;
        }
        byte[] healpix = RecordHeaders.bytes(headers, RecordHeaders.HEALPIX)
                .orElseThrow(() -> SkyrollException.defect("%s-%d@%d: a batch without the header '%s'"
                        .formatted(message.topic(), message.partition(), message.offset(), RecordHeaders.HEALPIX)));
        intake.addBatch(position, message.offset(), value, healpix, form.plan());
        return ByteBuffer.wrap(healpix).remaining() / Long.BYTES;
    }

    private Form form(int schemaId) {
        Schema schema = registry.schema(schemaId);
        boolean isBatch = schema.getType() == Schema.Type.ARRAY;
        RowSchema rows = RowSchema.parse(isBatch ? schema.getElementType() : schema);
        return new Form(isBatch, new RowPlan(rows));
    }

    /** What the values of a schema are. */
    private record Form(boolean isBatch, RowPlan plan) {}
}
