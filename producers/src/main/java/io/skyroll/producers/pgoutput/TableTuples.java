package io.skyroll.producers.pgoutput;

import io.skyroll.producers.changes.Change;
import io.skyroll.producers.changes.ChangeTaker;
import io.skyroll.producers.postgres.Conversions;
import io.skyroll.producers.postgres.RowEncoder;
import io.skyroll.producers.postgres.ServerText;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Identity;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.wire.AvroBuffer;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Turns the rows of one table's messages into changes. Owned by one thread. */
final class TableTuples {
    private static final int INITIAL_BYTES = 4 << 10;
    /** The old row is whole: the table has REPLICA IDENTITY FULL. */
    private static final char WHOLE = 'O';
    /** Of the old row only the key is told. */
    private static final char KEY = 'K';

    private final int table;
    private final SourceTable source;
    private final ServerText text;
    private final boolean isWhole;
    private final RowEncoder rowEncoder;
    private final RowEncoder keyEncoder;
    private final RowPlan plan;
    private final int[] offsets;
    private final Tuple oldTuple;
    private final Tuple newTuple;
    private final Conversions conversions = new Conversions();
    private final AvroBuffer fields = new AvroBuffer(INITIAL_BYTES);
    private final AvroBuffer row = new AvroBuffer(INITIAL_BYTES);
    private final AvroBuffer key = new AvroBuffer(INITIAL_BYTES);

    /** @param table the index of the table among those that are followed */
    TableTuples(int table, SourceTable source, ServerText text) {
        this.table = table;
        this.source = source;
        this.text = text;
        isWhole = source.identity().filter(Identity.FULL::equals).isPresent();
        rowEncoder = source.source().rowEncoder();
        keyEncoder = source.source().keyEncoder();
        plan = new RowPlan(source.rows());
        offsets = new int[plan.columnCount()];
        oldTuple = new Tuple(plan.columnCount());
        newTuple = new Tuple(plan.columnCount());
    }

    int table() {
        return table;
    }

    /** A row that came to be. */
    void insert(Message message, ChangeTaker taker) throws SQLException {
        expect(message, 'N');
        newTuple.read(message);
        Encoded now = encode(newTuple);
        taker.change(new Change(table, Op.INSERT, now.key(), now.row(), null, now.error()));
    }

    /** A row that changed; one whose key changed is another row. */
    void update(Message message, ChangeTaker taker) throws SQLException {
        char kind = message.kind();
        requireIdentity(kind);
        if (kind != WHOLE && kind != KEY) {
            newTuple.read(message);
            requireSent(newTuple);
            Encoded now = encode(newTuple);
            taker.change(new Change(table, Op.UPDATE, now.key(), now.row(), null, now.error()));
            return;
        }
        oldTuple.read(message);
        expect(message, 'N');
        newTuple.read(message);
        if (kind == WHOLE) {
            for (int column = 0; column < offsets.length; column++) {
                if (newTuple.isUnchanged(column)) {
                    newTuple.take(column, oldTuple);
                }
            }
        }
        requireSent(newTuple);
        Encoded now = encode(newTuple);
        byte @Nullable [] before = isWhole ? encode(oldTuple).row() : null;
        byte @Nullable [] oldKey = key(oldTuple);
        if (Arrays.equals(oldKey, now.key())) {
            taker.change(new Change(table, Op.UPDATE, now.key(), now.row(), before, now.error()));
        } else {
            taker.change(new Change(table, Op.DELETE, oldKey, null, before, null));
            taker.change(new Change(table, Op.INSERT, now.key(), now.row(), null, now.error()));
        }
    }

    /** A row that is gone. */
    void delete(Message message, ChangeTaker taker) throws SQLException {
        requireIdentity(message.kind());
        oldTuple.read(message);
        byte @Nullable [] before = isWhole ? encode(oldTuple).row() : null;
        taker.change(new Change(table, Op.DELETE, key(oldTuple), null, before, null));
    }

    /** Makes sure that the old row comes where its place is to be told by it. */
    private void requireIdentity(char kind) {
        if (isWhole && kind != WHOLE) {
            throw SkyrollException.configuration(
                    "table %s: a row was changed while it, or its partition, did not have REPLICA IDENTITY FULL: ALTER TABLE %s REPLICA IDENTITY FULL, its partitions too; then start again with --resnapshot"
                            .formatted(source.name().qualified(), source.sql()));
        }
    }

    private static void expect(Message message, char kind) {
        char found = message.kind();
        if (found != kind) {
            throw SkyrollException.defect(
                    "a replication message has '%c' where '%c' was expected".formatted(found, kind));
        }
    }

    private void requireSent(Tuple tuple) {
        for (int column = 0; column < offsets.length; column++) {
            if (tuple.isUnchanged(column)) {
                throw SkyrollException.configuration(
                        "table %s: a row was updated whose large value of column \"%s\" did not change, and PostgreSQL does not send it: ALTER TABLE %s REPLICA IDENTITY FULL; then start again with --resnapshot"
                                .formatted(
                                        source.name().qualified(),
                                        source.rows().columns().get(column).name(),
                                        source.sql()));
            }
        }
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

    private Encoded encode(Tuple tuple) throws SQLException {
        writeFields(tuple);
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
        return new Encoded(keyOfFields().orElse(null), null, why);
    }

    private byte @Nullable [] key(Tuple tuple) throws SQLException {
        writeFields(tuple);
        return keyOfFields().orElse(null);
    }

    private Optional<byte[]> keyOfFields() {
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

    private void writeFields(Tuple tuple) throws SQLException {
        fields.clear();
        for (int column = 0; column < offsets.length; column++) {
            if (tuple.isBinary(column) && text.isText(column)) {
                byte[] written = text.of(column, tuple.bytes(), tuple.start(column), tuple.length(column));
                Tuple.writeField(written, 0, written.length, fields);
            } else {
                tuple.writeField(column, fields);
            }
        }
    }
}
