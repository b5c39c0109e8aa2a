package io.skyroll.schemas.topic;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;

/** Reads and writes the headers of rows, sky and rejects topics. */
public final class RecordHeaders {
    /** What the record says: {@link Op}'s code in ASCII. */
    public static final String OP = "op";
    /** The record's {@link Position}, 20 bytes. */
    public static final String POS = "pos";
    /** The source's commit time, microseconds since 1970-01-01 UTC, 8 bytes big-endian. */
    public static final String TS = "ts";
    /** The old row in the wire format: for deletes with a full replica identity and updates that move. */
    public static final String BEFORE = "before";
    /** In an update: which large values were not sent, as {@link io.skyroll.schemas.row.UnsentValues#pack} has it; the row is null there. */
    public static final String UNSENT = "unsent";
    /** A batch's HEALPix-29 values in the sky topic, row by row, 8 bytes each, big-endian. */
    public static final String HEALPIX = "healpix";
    /** Why the producer could not represent the row, UTF-8; such a record has a key and no value. */
    public static final String ERROR = "error";
    /** In the rejects topic: the filter or check that the row failed, UTF-8. */
    public static final String RULE = "rule";
    /** In the rejects topic: the stage that saw the failure, UTF-8. */
    public static final String STAGE = "stage";
    /** In the rejects topic: where the rejected record stands, UTF-8; partition and offset as decimal digits. */
    public static final String TOPIC = "topic";

    public static final String PARTITION = "partition";
    public static final String OFFSET = "offset";

    private RecordHeaders() {}

    /** Adds the three headers that every row and control record has. */
    public static Headers put(Headers headers, Op op, Position position, Instant commitTime) {
        long micros = ChronoUnit.MICROS.between(Instant.EPOCH, commitTime);
        return headers.add(OP, op.bytes())
                .add(POS, position.toBytes())
                .add(TS, ByteBuffer.allocate(Long.BYTES).putLong(micros).array());
    }

    public static void put(Headers headers, String name, String text) {
        headers.add(name, text.getBytes(StandardCharsets.UTF_8));
    }

    public static Op op(Headers headers) {
        return Op.of(required(headers, OP));
    }

    public static Position position(Headers headers) {
        return Position.of(required(headers, POS));
    }

    public static Instant commitTime(Headers headers) {
        long micros = ByteBuffer.wrap(required(headers, TS)).getLong();
        return Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    }

    public static Optional<String> text(Headers headers, String name) {
        return bytes(headers, name).map(value -> new String(value, StandardCharsets.UTF_8));
    }

    public static Optional<byte[]> bytes(Headers headers, String name) {
        Header header = headers.lastHeader(name);
        return header == null ? Optional.empty() : Optional.ofNullable(header.value());
    }

    /** Packs the HEALPix-29 values of a batch. */
    public static byte[] pack(long[] healpix, int count) {
        ByteBuffer buffer = ByteBuffer.allocate(count * Long.BYTES);
        buffer.asLongBuffer().put(healpix, 0, count);
        return buffer.array();
    }

    private static byte[] required(Headers headers, String name) {
        return bytes(headers, name)
                .orElseThrow(() -> SkyrollException.defect(
                        "record without the header '%s': was it written by something other than Skyroll?"
                                .formatted(name)));
    }
}
