package io.skyroll.producers.debezium;

import io.skyroll.producers.changes.ChangeTaker;
import io.skyroll.producers.changes.Followable;
import io.skyroll.producers.changes.RowChanges;
import io.skyroll.producers.postgres.CopyField;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.wire.AvroBuffer;
import java.nio.ByteBuffer;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.kafka.connect.data.Struct;
import org.jspecify.annotations.Nullable;

/** Turns Debezium's events of one table into changes. Owned by one thread. */
final class ConnectTable {
    private static final int INITIAL_BYTES = 4 << 10;

    private final SourceTable source;
    private final RowChanges changes;
    private final List<ConnectField> fields;
    private final List<Object> placeholders;
    private final BitSet unsent = new BitSet();
    private final AvroBuffer oldFields = new AvroBuffer(INITIAL_BYTES);
    private final AvroBuffer newFields = new AvroBuffer(INITIAL_BYTES);

    /**
     * A table in one of its forms.
     *
     * @param table its index among those that are followed
     * @param session asked about the table; the caller's
     * @param placeholder what stands for a large value that PostgreSQL did not send
     * @throws SkyrollException when Debezium cannot carry all of its columns, or old rows are not whole any more
     */
    ConnectTable(int table, SourceTable source, Session session, String placeholder) throws SQLException {
        this.source = source;
        changes = new RowChanges(table, source);
        List<String> problems = problems(source);
        if (!problems.isEmpty()) {
            throw SkyrollException.configuration(String.join("; ", problems));
        }
        // Debezium describes a table anew also when its replica identity was changed; that is not in the events, so the
        // server is asked.
        if (changes.hasWholeOldRows() && !source.hasWholeOldRows(session)) {
            throw Followable.lostIdentity(source);
        }
        fields = IntStream.range(0, source.source().columns().size())
                .mapToObj(
                        column -> ConnectField.of(source.source().type(column)).orElseThrow())
                .toList();
        placeholders = fields.stream()
                .map(field -> field.placeholder().apply(placeholder))
                .toList();
    }

    /** What keeps Debezium from carrying a table's rows exactly, a line each. */
    static List<String> problems(SourceTable table) {
        List<String> problems = new ArrayList<>();
        for (int column = 0; column < table.source().columns().size(); column++) {
            if (ConnectField.of(table.source().type(column)).isEmpty()) {
                problems.add(
                        "%s: Debezium does not carry every value of column \"%s\" (%s) exactly; set source.change_engine: pgoutput, which does"
                                .formatted(
                                        table.name().qualified(),
                                        table.source().columns().get(column).name(),
                                        table.source().type(column)));
            }
        }
        return problems;
    }

    int table() {
        return changes.table();
    }

    /**
     * What an event did to a row.
     *
     * @param operation Debezium's letter for it: c, u or d
     */
    void change(String operation, Struct event, ChangeTaker taker) {
        @Nullable Struct old = event.getStruct("before");
        @Nullable Struct row = event.getStruct("after");
        switch (operation) {
            case "c" -> {
                AvroBuffer inserted = newRow(row);
                if (!unsent.isEmpty()) {
                    // The second half of an update of the key.
                    throw Followable.unsent(source, unsent.nextSetBit(0));
                }
                changes.insert(inserted, taker);
            }
            case "u" -> {
                if (old != null) {
                    changes.update(oldRow(old), newRow(row), unsent, taker);
                } else if (changes.hasWholeOldRows()) {
                    throw Followable.lostIdentity(source);
                } else {
                    changes.update(newRow(row), unsent, taker);
                }
            }
            case "d" -> changes.delete(oldRow(old), taker);
            default -> throw SkyrollException.defect("Debezium gives an event of kind %s".formatted(operation));
        }
    }

    private AvroBuffer newRow(@Nullable Struct row) {
        unsent.clear();
        write(row, newFields);
        return newFields;
    }

    private AvroBuffer oldRow(@Nullable Struct row) {
        write(row, oldFields);
        return oldFields;
    }

    private void write(@Nullable Struct row, AvroBuffer target) {
        if (row == null) {
            throw SkyrollException.defect("Debezium gives an event of %s without a row"
                    .formatted(source.name().qualified()));
        }
        target.clear();
        for (int column = 0; column < fields.size(); column++) {
            String name = source.source().columns().get(column).name();
            // Not Struct.get, which gives a column's default for a null.
            @Nullable Object value = row.getWithoutDefault(name);
            if (value == null) {
                CopyField.writeNull(target);
            } else if (isUnsent(column, value)) {
                unsent.set(column);
                CopyField.writeNull(target);
            } else {
                byte[] content = content(column, name, value);
                CopyField.write(content, 0, content.length, target);
            }
        }
    }

    private boolean isUnsent(int column, Object value) {
        Object comparable = value instanceof byte[] bytes ? ByteBuffer.wrap(bytes) : value;
        return comparable.equals(placeholders.get(column));
    }

    private byte[] content(int column, String name, Object value) {
        try {
            return fields.get(column).bytes().apply(value);
        } catch (ConnectField.Ambiguous ambiguous) {
            throw SkyrollException.configuration(
                    "table %s: a change has in column \"%s\" %s: set source.change_engine: pgoutput, which can follow it from here"
                            .formatted(source.name().qualified(), name, ambiguous.getMessage()));
        } catch (ClassCastException otherType) {
            throw Followable.altered(
                    source,
                    "%s %s".formatted(name, source.source().type(column)),
                    "%s %s".formatted(name, value.getClass().getSimpleName()));
        }
    }
}
