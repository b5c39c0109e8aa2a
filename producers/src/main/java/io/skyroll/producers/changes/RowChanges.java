package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.Conversions;
import io.skyroll.producers.postgres.RowEncoder;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.row.Identity;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.UnsentValues;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.wire.AvroBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Makes changes of one table's rows. Rows are given as a COPY in binary form has them: each value behind its length, 4 bytes, -1 for
 * null. Owned by one thread.
 */
public final class RowChanges {
    private static final int INITIAL_BYTES = 4 << 10;

    private final int table;
    private final SourceTable source;
    private final boolean isWhole;
    private final RowEncoder rowEncoder;
    private final RowEncoder keyEncoder;
    private final RowPlan plan;
    private final int[] offsets;
    private final Conversions conversions = new Conversions();
    private final AvroBuffer row = new AvroBuffer(INITIAL_BYTES);
    private final AvroBuffer key = new AvroBuffer(INITIAL_BYTES);

    /** @param table the index of the table among those that are followed */
    public RowChanges(int table, SourceTable source) {
        this.table = table;
        this.source = source;
        isWhole = source.identity().filter(Identity.FULL::equals).isPresent();
        rowEncoder = source.source().rowEncoder();
        keyEncoder = source.source().keyEncoder();
        plan = new RowPlan(source.rows());
        offsets = new int[plan.columnCount()];
    }

    /** The index of the table among those that are followed. */
    public int table() {
        return table;
    }

    /** Whether old rows are whole; else they have their key only. */
    public boolean hasWholeOldRows() {
        return isWhole;
    }

    /** A row that came to be. */
    public void insert(AvroBuffer row, ChangeTaker taker) {
        Encoded now = encode(row);
        taker.change(new Change(table, Op.INSERT, now.key(), now.row(), null, null, now.error()));
    }

    /**
     * A row that changed, of which only the new form is known: its key did not change.
     *
     * @param unsent columns whose large values did not change and were not sent; null in the row
     */
    public void update(AvroBuffer row, BitSet unsent, ChangeTaker taker) {
        Encoded now = encode(row);
        taker.change(new Change(table, Op.UPDATE, now.key(), now.row(), null, numbers(unsent), now.error()));
    }

    private byte @Nullable [] numbers(BitSet unsent) {
        if (unsent.isEmpty()) {
            return null;
        }
        for (String column : source.rows().keyColumns()) {
            if (unsent.get(source.rows().indexOf(column))) {
                throw Followable.unsent(source, source.rows().indexOf(column));
            }
        }
        return UnsentValues.pack(unsent.stream()
                .mapToObj(column -> source.source().columns().get(column).number())
                .toList());
    }

    /**
     * A row that changed; one whose key changed is another row.
     *
     * @param unsent as in {@link #update(AvroBuffer, BitSet, ChangeTaker)}
     * @throws io.skyroll.schemas.failure.SkyrollException when the key changed and values were not sent: nobody knows them by the new key
     */
    public void update(AvroBuffer old, AvroBuffer row, BitSet unsent, ChangeTaker taker) {
        Encoded now = encode(row);
        byte @Nullable [] before = isWhole ? encode(old).row() : null;
        byte @Nullable [] oldKey = key(old).orElse(null);
        if (Arrays.equals(oldKey, now.key())) {
            taker.change(new Change(table, Op.UPDATE, now.key(), now.row(), before, numbers(unsent), now.error()));
        } else if (unsent.isEmpty()) {
            taker.change(new Change(table, Op.DELETE, oldKey, null, before, null, null));
            taker.change(new Change(table, Op.INSERT, now.key(), now.row(), null, null, now.error()));
        } else {
            throw Followable.unsent(source, unsent.nextSetBit(0));
        }
    }

    /** A row that is gone. */
    public void delete(AvroBuffer old, ChangeTaker taker) {
        byte @Nullable [] before = isWhole ? encode(old).row() : null;
        taker.change(new Change(table, Op.DELETE, key(old).orElse(null), null, before, null, null));
    }

    /**
     * A row in Avro.
     *
     * @param key null when it cannot be represented
     * @param row null when it cannot be represented
     * @param error why it cannot
     */
    @SuppressWarnings("ArrayRecordComponent") // Lives for a moment and is never compared.
    private record Encoded(byte @Nullable [] key, byte @Nullable [] row, @Nullable String error) {}

    private Encoded encode(AvroBuffer fields) {
        row.clear();
        int refused = rowEncoder.encode(fields.bytes(), 0, fields.size(), row, offsets, conversions);
        if (refused == RowEncoder.COMPLETE) {
            conversions.keepRow();
            key.clear();
            plan.writeKey(row.bytes(), offsets, key);
            return new Encoded(key.toBytes(), row.toBytes(), null);
        }
        conversions.dropRow();
        String why = rowEncoder.refusal(fields.bytes(), 0, refused);
        return new Encoded(key(fields).orElse(null), null, why);
    }

    private Optional<byte[]> key(AvroBuffer fields) {
        row.clear();
        int refused = keyEncoder.encode(fields.bytes(), 0, fields.size(), row, offsets, conversions);
        conversions.dropRow();
        if (refused != RowEncoder.COMPLETE) {
            return Optional.empty();
        }
        key.clear();
        plan.writeKey(row.bytes(), offsets, key);
        return Optional.of(key.toBytes());
    }
}
