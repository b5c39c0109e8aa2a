package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.Conversions;
import io.skyroll.producers.postgres.CopyRows;
import io.skyroll.producers.postgres.Relation;
import io.skyroll.producers.postgres.RowEncoder;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.publish.RowWriter;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;
import java.nio.ByteBuffer;
import java.sql.SQLException;

/** Reads chunks of one table and hands their rows to a writer. Owned by one worker's thread. */
final class TableCopy {
    private static final int INITIAL_ROW_BYTES = 4 << 10;
    private static final int INITIAL_KEY_BYTES = 64;
    /** A ctid in binary form: block (4 bytes) and number in the block (2). */
    private static final int CTID_BYTES = 6;

    private final SourceTable table;
    private final RowWriter writer;
    private final ConversionCounts counts;
    private final Conversions conversions = new Conversions();
    private final boolean keyless;
    private final boolean placed;
    private final RowEncoder rowEncoder;
    private final RowEncoder keyEncoder;
    private final RowPlan plan;
    private final int[] offsets;
    private final AvroBuffer row = new AvroBuffer(INITIAL_ROW_BYTES);
    private final AvroBuffer key = new AvroBuffer(INITIAL_KEY_BYTES);

    /** @param counts told what committed chunks did to values */
    TableCopy(SourceTable table, RowWriter writer, ConversionCounts counts) {
        RowSchema schema = table.rows();
        this.table = table;
        this.writer = writer;
        this.counts = counts;
        keyless = !schema.hasKey();
        placed = keyless && !table.isWhole();
        rowEncoder = table.source().rowEncoder();
        keyEncoder = table.source().keyEncoder();
        plan = new RowPlan(schema);
        offsets = new int[plan.columnCount()];
    }

    /** Copies a chunk in a Kafka transaction: all of its rows become visible, or none. */
    void copy(Session session, Chunk chunk) throws SQLException {
        writer.begin();
        conversions.clear();
        try {
            if (table.isWhole()) {
                WholeRead.checkKey(session, table);
            }
            CopyRows rows = new CopyRows(session.copyOut(command(chunk)), plan.columnCount() + (placed ? 1 : 0));
            for (long number = 0; rows.next(); number++) {
                if (placed) {
                    copyPlaced(rows.message(), rows.start(), chunk.relation());
                } else if (keyless) {
                    copyNumbered(rows.message(), rows.start(), number);
                } else {
                    copy(rows.message(), rows.start());
                }
            }
            if (table.isWhole()) {
                WholeRead.checkStorage(session, table);
            }
        } catch (SQLException | RuntimeException failure) {
            abort(failure);
            throw failure;
        }
        writer.commit(chunk.number(), chunk.relation().sql(), chunk.firstBlock(), chunk.endBlock());
        counts.add(table.name(), conversions);
    }

    private String command(Chunk chunk) {
        String columns = (placed ? "ctid, " : "") + table.source().selectList();
        String from = table.whole()
                .orElseGet(() -> "ONLY %s WHERE %s".formatted(chunk.relation().sql(), chunk.condition()));
        return "COPY (SELECT %s FROM %s) TO STDOUT (FORMAT binary)".formatted(columns, from);
    }

    private void copy(byte[] message, int start) {
        row.clear();
        key.clear();
        int refused = rowEncoder.encode(message, start, row, offsets, conversions);
        if (refused == RowEncoder.COMPLETE) {
            conversions.keepRow();
            plan.writeKey(row.bytes(), offsets, key);
            writer.write(row, key);
            return;
        }
        conversions.dropRow();
        String why = rowEncoder.refusal(message, start, refused);
        row.clear();
        boolean hasKey = keyEncoder.encode(message, start, row, offsets, conversions) == RowEncoder.COMPLETE;
        conversions.dropRow();
        if (hasKey) {
            plan.writeKey(row.bytes(), offsets, key);
            writer.refuse(key, why);
        } else {
            writer.refuse(null, why);
        }
    }

    /** The row's place stands for its key; within a partitioned table together with the leaf, since each counts from 0. */
    private void copyPlaced(byte[] message, int start, Relation leaf) {
        key.clear();
        int place = start + Integer.BYTES;
        key.writeLong(CTID_BYTES + (table.partitioned() ? Integer.BYTES : 0));
        if (table.partitioned()) {
            key.write(
                    ByteBuffer.allocate(Integer.BYTES).putInt((int) leaf.oid()).array(), 0, Integer.BYTES);
        }
        key.write(message, place, CTID_BYTES);
        copyKeyless(message, place + CTID_BYTES);
    }

    /** The row's number in the answer stands for its key. */
    private void copyNumbered(byte[] message, int start, long number) {
        key.clear();
        key.writeLong(Long.BYTES);
        key.write(ByteBuffer.allocate(Long.BYTES).putLong(number).array(), 0, Long.BYTES);
        copyKeyless(message, start);
    }

    private void copyKeyless(byte[] message, int start) {
        row.clear();
        int refused = rowEncoder.encode(message, start, row, offsets, conversions);
        if (refused == RowEncoder.COMPLETE) {
            conversions.keepRow();
            writer.write(row, key);
        } else {
            conversions.dropRow();
            writer.refuse(null, rowEncoder.refusal(message, start, refused));
        }
    }

    /** A thread that was interrupted can still abort, which ends the transaction for readers at once. */
    private void abort(Exception failure) {
        boolean interrupted = Thread.interrupted();
        try {
            writer.abort();
        } catch (RuntimeException second) {
            failure.addSuppressed(second);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }
}
