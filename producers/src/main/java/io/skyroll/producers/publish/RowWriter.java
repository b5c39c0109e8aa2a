package io.skyroll.producers.publish;

import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.topic.Topics;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.BatchWriter;
import io.skyroll.schemas.wire.WireFormat;
import java.util.Arrays;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * Writes a table's snapshot rows, each into the partition that its key's hash names, chunk by chunk: a chunk is one transaction,
 * and its rows are visible together with its progress record or not at all. Owned by one thread.
 */
public final class RowWriter {
    /** Leaves room for key, headers and Kafka's own framing. */
    private static final int SLACK_BYTES = 64 << 10;

    static final int MAX_ROW_BYTES = Topics.MAX_RECORD_BYTES - SLACK_BYTES;
    private static final int INITIAL_BATCH_BYTES = 64 << 10;
    /** Keys up to this size are hashed without a new array for each. */
    private static final int REUSED_KEY_BYTES = 256;

    private final TransactionalWriter writer;
    private final ProgressTopic progress;
    private final TableRun run;
    private final RecordForm form;
    private final BatchWriter[] batches;
    private final long[] counts;
    private final byte[][] keysBySize = new byte[REUSED_KEY_BYTES][];
    private final Headers headers;
    private long bytes;

    /**
     * The form of the records.
     *
     * @param packing how many rows a record holds
     * @param recordBytes size that a batch is sent at
     */
    public record RecordForm(Packing packing, int recordBytes) {}

    public RowWriter(TransactionalWriter writer, ProgressTopic progress, TableRun run, RecordForm form) {
        this.writer = writer;
        this.progress = progress;
        this.run = run;
        this.form = form;
        batches = new BatchWriter[run.topic().partitions()];
        for (int partition = 0; partition < batches.length; partition++) {
            batches[partition] = new BatchWriter(run.topic().batchId(), INITIAL_BATCH_BYTES);
        }
        counts = new long[batches.length];
        headers = newHeaders();
    }

    public TableRun run() {
        return run;
    }

    /** Starts a chunk; what an unfinished one left is dropped. */
    public void begin() {
        Arrays.setAll(
                batches,
                partition -> batches[partition].count() == 0
                        ? batches[partition]
                        : new BatchWriter(run.topic().batchId(), INITIAL_BATCH_BYTES));
        Arrays.fill(counts, 0);
        bytes = 0;
        writer.begin();
    }

    /** Makes the chunk void, on the topic too. */
    public void abort() {
        writer.abort();
    }

    /** Writes what is left of the chunk and its progress record, and makes all of it visible. */
    public void commit(int chunk, String relation, long firstBlock, long endBlock) {
        for (int partition = 0; partition < batches.length; partition++) {
            sendBatch(partition);
        }
        SnapshotProgress done = run.started()
                .chunkDone(
                        relation,
                        firstBlock,
                        endBlock,
                        Arrays.stream(counts).boxed().toList());
        writer.send(progress.message(run.topic().name(), chunk, done));
        writer.commit();
        run.add(counts, bytes);
    }

    /**
     * Writes a row.
     *
     * @param row its Avro binary
     * @param key the Avro binary of its key record
     */
    public void write(AvroBuffer row, AvroBuffer key) {
        if (row.size() > MAX_ROW_BYTES) {
            refuse(
                    run.topic().schema().hasKey() ? key : null,
                    "the row has %d bytes, a record takes %d".formatted(row.size(), MAX_ROW_BYTES));
            return;
        }
        int partition = partition(key);
        if (form.packing() == Packing.SINGLE_ROWS) {
            byte[] value = WireFormat.wrap(run.topic().rowId(), row.bytes(), 0, row.size());
            send(partition, wireKey(key), value, headers);
        } else {
            BatchWriter batch = batches[partition];
            if (batch.sizeBytes() + row.size() > MAX_ROW_BYTES) {
                sendBatch(partition);
            }
            batch.addRow(row.bytes(), 0, row.size());
            if (batch.sizeBytes() >= form.recordBytes()) {
                sendBatch(partition);
            }
        }
        counts[partition]++;
    }

    /**
     * Writes, in place of a row that cannot be represented, why. It counts as a row.
     *
     * @param key the Avro binary of the row's key record; null when not even that can be represented
     */
    public void refuse(@Nullable AvroBuffer key, String why) {
        int partition = key == null ? 0 : partition(key);
        Headers withError = newHeaders();
        RecordHeaders.put(withError, RecordHeaders.ERROR, why);
        send(partition, key == null ? null : wireKey(key), null, withError);
        counts[partition]++;
    }

    private int partition(AvroBuffer key) {
        return run.topic().partition(exact(key));
    }

    /** The key in an array of just its size, valid until the next call. */
    private byte[] exact(AvroBuffer key) {
        int size = key.size();
        if (size >= REUSED_KEY_BYTES) {
            return key.toBytes();
        }
        byte[] reused = keysBySize[size];
        if (reused == null) {
            reused = new byte[size];
            keysBySize[size] = reused;
        }
        System.arraycopy(key.bytes(), 0, reused, 0, size);
        return reused;
    }

    private byte[] wireKey(AvroBuffer key) {
        return WireFormat.wrap(run.topic().keyId(), key.bytes(), 0, key.size());
    }

    private void sendBatch(int partition) {
        if (batches[partition].count() > 0) {
            send(partition, null, batches[partition].take(), headers);
        }
    }

    private void send(int partition, byte @Nullable [] key, byte @Nullable [] value, Headers with) {
        bytes += value == null ? 0 : value.length;
        writer.send(new ProducerRecord<>(run.topic().topic(), partition, key, value, with));
    }

    private Headers newHeaders() {
        return RecordHeaders.put(
                new org.apache.kafka.common.header.internals.RecordHeaders(), Op.SNAPSHOT, run.position(), run.time());
    }
}
