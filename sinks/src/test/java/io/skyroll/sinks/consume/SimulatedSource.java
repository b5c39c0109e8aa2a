package io.skyroll.sinks.consume;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.BatchWriter;
import io.skyroll.schemas.wire.WireFormat;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * A source and the streams stage in front of sinks: changes a small table at random, cuts and resets now and then, and knows the
 * table's state at every cut. Each upstream partition queues what it would write into the sky topic, in its own order.
 */
final class SimulatedSource {
    static final RowSchema SCHEMA = new RowSchema(
            "sim.stars",
            List.of(new Column("id", ColumnType.INT64, false), new Column("value", ColumnType.INT64, false)),
            List.of("id"));
    static final int CONTROL_ID = 1;
    static final int ROW_ID = 2;
    static final int BATCH_ID = 3;

    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");
    private static final int KEYS = 40;

    private final Random random;
    private final SkyPartitions sky;
    private final int upstreams;
    private final List<Queue<List<Written>>> queues = new ArrayList<>();
    private final long[][] forwarded;
    private final long[] rowsIn;
    private final Map<Long, Row> table = new TreeMap<>();
    private final NavigableMap<Position, Map<Long, Row>> truth = new TreeMap<>();
    private Optional<Position> since = Optional.empty();
    private long lsn;
    private boolean changed;

    /** A row of the table. */
    record Row(long healpix, long value) {}

    /** A record and the partition that it is written into. */
    @SuppressWarnings("ArrayRecordComponent") // Never compared.
    record Written(int partition, Headers headers, byte @Nullable [] key, byte @Nullable [] value) {}

    SimulatedSource(Random random, SkyPartitions sky, int upstreams) {
        this.random = random;
        this.sky = sky;
        this.upstreams = upstreams;
        this.forwarded = new long[upstreams][sky.partitions()];
        this.rowsIn = new long[upstreams];
        for (int i = 0; i < upstreams; i++) {
            queues.add(new ArrayDeque<>());
        }
    }

    /** The state of the table at each cut. */
    NavigableMap<Position, Map<Long, Row>> truth() {
        return truth;
    }

    /** What an upstream partition writes next, in one transaction; nothing when it has written all. */
    List<Written> poll(int upstream) {
        List<Written> next = queues.get(upstream).poll();
        return next == null ? List.of() : next;
    }

    boolean isDrained() {
        return queues.stream().allMatch(Queue::isEmpty);
    }

    /** One transaction of changes. */
    void change() {
        lsn += 1 + random.nextInt(3);
        int changes = 1 + random.nextInt(4);
        for (int sequence = 1; sequence <= changes; sequence++) {
            Position position = new Position(1, lsn, sequence);
            long id = random.nextInt(KEYS);
            Row old = table.get(id);
            if (old != null && random.nextInt(4) == 0) {
                table.remove(id);
                send(id, List.of(delete(position, id, old)));
            } else {
                Row row = new Row(place(old), random.nextLong());
                table.put(id, row);
                List<Written> out = new ArrayList<>();
                if (old != null && old.healpix() != row.healpix()) {
                    out.add(delete(position, id, old));
                }
                out.add(upsert(position, id, row));
                send(id, out);
            }
        }
        changed = true;
    }

    /** A cut, if anything has changed. */
    void cut() {
        if (!changed) {
            return;
        }
        Position position = new Position(1, lsn, Long.MAX_VALUE);
        control(Control.cut(position, since, 0, ROW_ID, "sim", TIME));
        truth.put(position, Map.copyOf(table));
        since = Optional.of(position);
        changed = false;
    }

    /** A new snapshot: what was sent since the last cut is void, and so is everything before. */
    void snapshot() {
        lsn++;
        Position position = new Position(1, lsn, 0);
        control(Control.reset(position, ROW_ID, "sim", TIME));
        since = Optional.empty();
        for (int upstream = 0; upstream < upstreams; upstream++) {
            for (int partition = 0; partition < sky.partitions(); partition++) {
                batch(upstream, partition, position);
            }
        }
        control(Control.cut(position, since, 0, ROW_ID, "sim", TIME));
        truth.put(position, Map.copyOf(table));
        since = Optional.of(position);
        changed = false;
    }

    private void batch(int upstream, int partition, Position position) {
        BatchWriter writer = new BatchWriter(BATCH_ID, 64);
        long[] healpix = new long[KEYS];
        for (Map.Entry<Long, Row> entry : table.entrySet()) {
            boolean isMine = entry.getKey() % upstreams == upstream
                    && sky.partition(entry.getValue().healpix()) == partition;
            if (isMine) {
                healpix[writer.count()] = entry.getValue().healpix();
                writer.rows().writeLong(entry.getKey());
                writer.rows().writeLong(entry.getValue().value());
                writer.endRow();
            }
        }
        if (writer.count() > 0) {
            forwarded[upstream][partition] += writer.count();
            rowsIn[upstream] += writer.count();
            Headers headers = headers(Op.SNAPSHOT, position);
            headers.add(RecordHeaders.HEALPIX, RecordHeaders.pack(healpix, writer.count()));
            queues.get(upstream).add(List.of(new Written(partition, headers, null, writer.take())));
        }
    }

    private void control(Control control) {
        for (int upstream = 0; upstream < upstreams; upstream++) {
            List<Written> copies = new ArrayList<>();
            for (int partition = 0; partition < sky.partitions(); partition++) {
                long rows = control.kind() == Control.Kind.CUT ? forwarded[upstream][partition] : 0;
                Control copy = control.forwarded(upstream, upstreams, rowsIn[upstream], rows, Map.of("rule", 1L));
                Op op = control.kind() == Control.Kind.CUT ? Op.CUT : Op.RESET;
                copies.add(new Written(partition, headers(op, control.position()), null, copy.encode(CONTROL_ID)));
                forwarded[upstream][partition] = 0;
            }
            rowsIn[upstream] = 0;
            queues.get(upstream).add(copies);
        }
    }

    private void send(long id, List<Written> out) {
        int upstream = (int) (id % upstreams);
        rowsIn[upstream]++;
        out.forEach(written -> forwarded[upstream][written.partition()]++);
        queues.get(upstream).add(out);
    }

    private Written upsert(Position position, long id, Row row) {
        return new Written(sky.partition(row.healpix()), headers(Op.UPDATE, position), key(id, row), value(id, row));
    }

    private Written delete(Position position, long id, Row old) {
        return new Written(sky.partition(old.healpix()), headers(Op.DELETE, position), key(id, old), null);
    }

    /** Few places, so that rows share cells and come back to where they were. */
    private long place(@Nullable Row old) {
        if (old != null && random.nextBoolean()) {
            return old.healpix();
        }
        long cell = random.nextInt(12 << 6);
        return (cell << (2 * 26)) | random.nextInt(3);
    }

    private static Headers headers(Op op, Position position) {
        return RecordHeaders.put(new org.apache.kafka.common.header.internals.RecordHeaders(), op, position, TIME);
    }

    private static byte[] key(long id, Row row) {
        AvroBuffer buffer = new AvroBuffer(32);
        WireFormat.writePrefix(buffer, 4);
        buffer.write(ByteBuffer.allocate(8).putLong(row.healpix()).array(), 0, 8);
        buffer.writeLong(id);
        return buffer.toBytes();
    }

    private static byte[] value(long id, Row row) {
        AvroBuffer buffer = new AvroBuffer(32);
        WireFormat.writePrefix(buffer, ROW_ID);
        buffer.writeLong(id);
        buffer.writeLong(row.value());
        return buffer.toBytes();
    }
}
