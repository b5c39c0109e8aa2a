package io.skyroll.producers.pgoutput;

import io.skyroll.producers.changes.ChangeTaker;
import io.skyroll.producers.changes.Followable;
import io.skyroll.producers.changes.RowChanges;
import io.skyroll.producers.postgres.CopyField;
import io.skyroll.producers.postgres.ServerText;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.wire.AvroBuffer;
import java.sql.SQLException;
import java.util.BitSet;

/** Turns the rows of one table's messages into changes. Owned by one thread. */
final class TableTuples {
    private static final int INITIAL_BYTES = 4 << 10;
    /** The old row is whole: the table has REPLICA IDENTITY FULL. */
    private static final char WHOLE = 'O';
    /** Of the old row only the key is told. */
    private static final char KEY = 'K';

    private final SourceTable source;
    private final ServerText text;
    private final RowChanges changes;
    private final int columns;
    private final BitSet unsent = new BitSet();
    private final Tuple oldTuple;
    private final Tuple newTuple;
    private final AvroBuffer oldFields = new AvroBuffer(INITIAL_BYTES);
    private final AvroBuffer newFields = new AvroBuffer(INITIAL_BYTES);

    /** @param table the index of the table among those that are followed */
    TableTuples(int table, SourceTable source, ServerText text) {
        this.source = source;
        this.text = text;
        changes = new RowChanges(table, source);
        columns = source.rows().columns().size();
        oldTuple = new Tuple(columns);
        newTuple = new Tuple(columns);
    }

    int table() {
        return changes.table();
    }

    void insert(Message message, ChangeTaker taker) throws SQLException {
        expect(message, 'N');
        newTuple.read(message);
        writeFields(newTuple, newFields);
        changes.insert(newFields, taker);
    }

    void update(Message message, ChangeTaker taker) throws SQLException {
        char kind = message.kind();
        requireIdentity(kind);
        boolean hasOld = kind == WHOLE || kind == KEY;
        if (hasOld) {
            oldTuple.read(message);
            expect(message, 'N');
        }
        newTuple.read(message);
        unsent.clear();
        for (int column = 0; column < columns; column++) {
            if (newTuple.isUnchanged(column)) {
                if (kind == WHOLE) {
                    newTuple.take(column, oldTuple);
                } else {
                    unsent.set(column);
                }
            }
        }
        writeFields(newTuple, newFields);
        if (hasOld) {
            writeFields(oldTuple, oldFields);
            changes.update(oldFields, newFields, unsent, taker);
        } else {
            changes.update(newFields, unsent, taker);
        }
    }

    void delete(Message message, ChangeTaker taker) throws SQLException {
        requireIdentity(message.kind());
        oldTuple.read(message);
        writeFields(oldTuple, oldFields);
        changes.delete(oldFields, taker);
    }

    /** Makes sure that the old row comes where its place is to be told by it. */
    private void requireIdentity(char kind) {
        if (changes.hasWholeOldRows() && kind != WHOLE) {
            throw Followable.lostIdentity(source);
        }
    }

    private static void expect(Message message, char kind) {
        char found = message.kind();
        if (found != kind) {
            throw SkyrollException.defect(
                    "a replication message has '%c' where '%c' was expected".formatted(found, kind));
        }
    }

    private void writeFields(Tuple tuple, AvroBuffer fields) throws SQLException {
        fields.clear();
        for (int column = 0; column < columns; column++) {
            if (tuple.isBinary(column) && text.isText(column)) {
                byte[] written = text.of(column, tuple.bytes(), tuple.start(column), tuple.length(column));
                CopyField.write(written, 0, written.length, fields);
            } else {
                tuple.writeField(column, fields);
            }
        }
    }
}
