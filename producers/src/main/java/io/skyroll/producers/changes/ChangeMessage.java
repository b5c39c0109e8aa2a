package io.skyroll.producers.changes;

import io.skyroll.producers.publish.RowsTopic;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.topic.Topics;
import io.skyroll.schemas.wire.WireFormat;
import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** A change as a record of a rows topic. */
final class ChangeMessage {
    /** Leaves room for key, headers and Kafka's own framing. */
    private static final int SLACK_BYTES = 64 << 10;

    private ChangeMessage() {}

    /** The record; of a row that is too large for one, only why it is. */
    static ProducerRecord<byte[], byte[]> of(RowsTopic topic, Change change, Position position, Instant committed) {
        byte @Nullable [] key = change.key();
        byte @Nullable [] row = change.row();
        byte @Nullable [] before = change.before();
        @Nullable String error = change.error();
        int size = length(row) + length(before);
        if (size > Topics.MAX_RECORD_BYTES - SLACK_BYTES) {
            error = "the row has %d bytes with its old form, a record takes %d"
                    .formatted(size, Topics.MAX_RECORD_BYTES - SLACK_BYTES);
            row = null;
        }
        Headers headers = RecordHeaders.put(
                new org.apache.kafka.common.header.internals.RecordHeaders(), change.op(), position, committed);
        if (before != null) {
            headers.add(RecordHeaders.BEFORE, WireFormat.wrap(topic.rowId(), before, 0, before.length));
        }
        byte @Nullable [] unsent = change.unsent();
        if (unsent != null && row != null) {
            headers.add(RecordHeaders.UNSENT, unsent);
        }
        if (error != null) {
            RecordHeaders.put(headers, RecordHeaders.ERROR, error);
        }
        int partition = key == null ? 0 : topic.partition(key);
        byte @Nullable [] value = row == null ? null : WireFormat.wrap(topic.rowId(), row, 0, row.length);
        byte @Nullable [] wireKey = key == null ? null : WireFormat.wrap(topic.keyId(), key, 0, key.length);
        return new ProducerRecord<>(topic.topic(), partition, wireKey, value, headers);
    }

    static int length(byte @Nullable [] bytes) {
        return bytes == null ? 0 : bytes.length;
    }
}
