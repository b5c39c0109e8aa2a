package io.skyroll.streams.topology;

import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.streams.tally.Tally;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands records on to the sky topic and the rejects topic, and counts them. Owned by the task's thread. */
final class SkyOutput {
    private static final Logger log = LoggerFactory.getLogger(SkyOutput.class);
    private static final String STAGE = "streams";

    private final ProcessorContext<Destination, byte[]> context;
    private final Tally tally;
    private final StageMeter meter;
    private final StoppedPartitions stopped;

    SkyOutput(ProcessorContext<Destination, byte[]> context, Tally tally, StageMeter meter, StoppedPartitions stopped) {
        this.context = context;
        this.tally = tally;
        this.meter = meter;
        this.stopped = stopped;
    }

    /** Has the table stand still, at the last cut, until it is read anew. */
    void stop(String why) {
        tally.stop(why);
        stopped.add(context.taskId().partition(), why);
        log.atError()
                .addKeyValue("place", place())
                .addKeyValue("reason", why)
                .log("the table stands still until it is read anew");
    }

    /** Where the record that is being processed stands, as messages say it. */
    String place() {
        RecordMetadata here = here();
        return "topic %s partition %d offset %d".formatted(here.topic(), here.partition(), here.offset());
    }

    /** Counts rows read. */
    void read(long rows) {
        tally.addRowsIn(rows);
        meter.addRowsIn(rows);
    }

    /** Sends a control record. */
    void control(Record<byte[], byte[]> source, int partition, byte[] value) {
        send(source, partition, null, value, headers(source, RecordHeaders.op(source.headers())));
    }

    /** Sends a piece of a batch. */
    void batch(Record<byte[], byte[]> source, int partition, BatchPieces pieces) {
        Headers headers = headers(source, Op.SNAPSHOT).add(RecordHeaders.HEALPIX, pieces.packedCells(partition));
        int rows = pieces.rowCount(partition);
        send(source, partition, null, pieces.take(partition), headers);
        count(partition, rows);
    }

    /** Sends a single row, or without a value its deletion. */
    void row(Record<byte[], byte[]> source, int partition, Op op, byte[] key, byte @Nullable [] value) {
        send(source, partition, key, value, headers(source, op));
        count(partition, 1);
    }

    /**
     * Sends a rejected row, with its reason, to the rejects topic's partition of the same number.
     *
     * @param value the row in the wire format; null when the producer could not represent it
     * @param error what went wrong; null when the row just failed the rule
     */
    void reject(Record<byte[], byte[]> source, byte @Nullable [] value, String rule, @Nullable String error) {
        RecordMetadata here = here();
        Headers headers = headers(source, RecordHeaders.op(source.headers()));
        RecordHeaders.put(headers, RecordHeaders.RULE, rule);
        if (error != null) {
            RecordHeaders.put(headers, RecordHeaders.ERROR, error);
        }
        RecordHeaders.put(headers, RecordHeaders.STAGE, STAGE);
        RecordHeaders.put(headers, RecordHeaders.TOPIC, here.topic());
        RecordHeaders.put(headers, RecordHeaders.PARTITION, Integer.toString(here.partition()));
        RecordHeaders.put(headers, RecordHeaders.OFFSET, Long.toString(here.offset()));
        Destination destination = new Destination(here.partition(), source.key());
        context.forward(new Record<>(destination, value, source.timestamp(), headers), SkyTopology.REJECTS);
        tally.addReject(rule);
    }

    private void send(
            Record<byte[], byte[]> source,
            int partition,
            byte @Nullable [] key,
            byte @Nullable [] value,
            Headers headers) {
        Destination destination = new Destination(partition, key);
        context.forward(new Record<>(destination, value, source.timestamp(), headers), SkyTopology.SKY);
        meter.addBytesOut(value == null ? 0 : value.length);
    }

    private void count(int partition, int rows) {
        tally.addRows(partition, rows);
        meter.addRowsOut(rows);
    }

    private static Headers headers(Record<byte[], byte[]> source, Op op) {
        Headers from = source.headers();
        return RecordHeaders.put(
                new org.apache.kafka.common.header.internals.RecordHeaders(),
                op,
                RecordHeaders.position(from),
                RecordHeaders.commitTime(from));
    }

    private RecordMetadata here() {
        return context.recordMetadata().orElseThrow(() -> new IllegalStateException("no record is being processed"));
    }
}
