package io.skyroll.producers.pgoutput;

import io.skyroll.producers.changes.Change;
import io.skyroll.producers.changes.ChangeTaker;
import io.skyroll.producers.postgres.SeenColumn;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.UnsentValues;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.wire.AvroBuffer;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The rows of one table that were changed up to a place in the log, as they are there; in memory, up to a limit. Owned by one thread.
 */
final class ChangedRows implements ChangeTaker {
    /** Of an entry beside its key and row: objects, references, and its share of the table. */
    private static final long ENTRY_BYTES = 128;

    private final String table;
    private final Optional<SourceTable> form;
    private final long end;
    private final long limitBytes;
    /** By key; empty where there is no row that can be represented. */
    private final Map<ByteBuffer, Optional<Row>> rows = new HashMap<>();

    private final AvroBuffer filled = new AvroBuffer(Long.BYTES);
    private @Nullable UnsentValues values;
    private final List<Change> transaction = new ArrayList<>();
    private long bytes;
    private long transactionBytes;
    private long taken;
    private boolean isPast;

    /**
     * No changes.
     *
     * @param table its name, for messages
     * @param form the table as it is, under a lock that keeps it so
     * @param end the place in the log: transactions count that ended there or before
     * @param limitBytes how much may be remembered
     */
    ChangedRows(String table, Optional<SourceTable> form, long end, long limitBytes) {
        this.table = table;
        this.form = form;
        this.end = end;
        this.limitBytes = limitBytes;
    }

    /** Whether a transaction has come that ended behind the place, so that none will come any more that ended before. */
    boolean isPast() {
        return isPast;
    }

    /** How many changes have come. */
    long taken() {
        return taken;
    }

    boolean isEmpty() {
        return rows.isEmpty();
    }

    boolean has(ByteBuffer key) {
        return rows.containsKey(key);
    }

    /** Takes from a row as it was before all changes what these did not tell, since it did not change. */
    void complete(ByteBuffer key, byte[] bytes, int start) {
        rows.computeIfPresent(
                key,
                (same, row) -> row.map(changed -> changed.unsent().isEmpty() ? changed : fill(changed, bytes, start)));
    }

    /**
     * The rows that are there.
     *
     * @throws SkyrollException when a value of one of them is unknown
     */
    List<byte[]> present() {
        List<Row> present = rows.values().stream().flatMap(Optional::stream).toList();
        if (present.stream().anyMatch(row -> !row.unsent().isEmpty())) {
            throw SkyrollException.defect(
                    "table %s: large values of a row did not change, but the row was not there before"
                            .formatted(table));
        }
        return present.stream().map(Row::bytes).toList();
    }

    /**
     * A row.
     *
     * @param bytes Avro binary
     * @param unsent numbers of columns whose values are not known yet
     */
    // Nobody compares it.
    @SuppressWarnings("ArrayRecordComponent")
    private record Row(byte[] bytes, List<Integer> unsent) {}

    private Row fill(Row row, byte[] known, int start) {
        if (values == null) {
            values = new UnsentValues(form.orElseThrow().avro(Map.of()));
        }
        filled.clear();
        List<Integer> unknown = values.fill(row.bytes(), 0, row.unsent(), known, start, filled);
        return new Row(filled.toBytes(), unknown);
    }

    @Override
    public void begin() {
        transaction.clear();
        transactionBytes = 0;
    }

    @Override
    public Optional<SourceTable> form(int number, List<? extends SeenColumn> seen) {
        // Nobody can have altered it: it is locked for as long as its changes are read.
        return form;
    }

    @Override
    public void refuse(int number, Optional<SkyrollException> why) {
        throw why.orElseGet(() -> SkyrollException.defect(
                "table %s has another form, in spite of a lock that forbids it".formatted(table)));
    }

    @Override
    public void change(Change change) {
        taken++;
        transaction.add(change);
        transactionBytes += size(change.key(), change.row());
        requireRoom();
    }

    @Override
    public void truncate(int number) {
        throw SkyrollException.defect("table %s was truncated, in spite of a lock that forbids it".formatted(table));
    }

    @Override
    public void commit(long endLsn, Instant time) {
        if (Long.compareUnsigned(endLsn, end) > 0) {
            isPast = true;
        } else {
            transaction.forEach(this::apply);
        }
        begin();
    }

    private void apply(Change change) {
        byte @Nullable [] key = change.key();
        if (key == null) {
            // No row of such a key has ever been in the topics.
            return;
        }
        byte @Nullable [] row = change.op() == Op.DELETE ? null : change.row();
        ByteBuffer place = ByteBuffer.wrap(key);
        Optional<Row> before = rows.getOrDefault(place, Optional.empty());
        if (rows.containsKey(place)) {
            bytes -= size(key, before.map(Row::bytes).orElse(null));
        }
        Optional<Row> now = Optional.ofNullable(row).map(present -> row(present, change.unsent(), before));
        rows.put(place, now);
        bytes += size(key, now.map(Row::bytes).orElse(null));
    }

    private Row row(byte[] present, byte @Nullable [] unsent, Optional<Row> before) {
        Row row = new Row(present, unsent == null ? List.of() : UnsentValues.unpack(unsent));
        return row.unsent().isEmpty() || before.isEmpty()
                ? row
                : fill(row, before.get().bytes(), 0);
    }

    private void requireRoom() {
        if (bytes + transactionBytes > limitBytes) {
            throw SkyrollException.unavailable(
                    "table %s: more than %,d bytes of it were changed since the comparison began, which is what there is memory for: try again while less is changed, or with a larger heap (-Xmx in SKYROLL_OPTS)"
                            .formatted(table, limitBytes),
                    null);
        }
    }

    private static long size(byte @Nullable [] key, byte @Nullable [] row) {
        return ENTRY_BYTES + (key == null ? 0 : key.length) + (row == null ? 0 : row.length);
    }
}
