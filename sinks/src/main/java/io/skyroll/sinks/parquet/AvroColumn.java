package io.skyroll.sinks.parquet;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.wire.AvroBuffer;
import java.util.Iterator;
import java.util.List;
import org.apache.parquet.column.ColumnReader;

/**
 * A column of a row group, or a part of one that is nested, on its way back to Avro. The inverse of {@link NestedColumn}. Owned by one
 * thread.
 */
abstract class AvroColumn {
    /** Branch 1 of a union, as Avro writes it. */
    private static final int PRESENT = 2;

    private final Column column;
    private final int definition;

    /** @param definition the definition level when what it is in is there and it is not */
    AvroColumn(Column column, int definition) {
        this.column = column;
        this.definition = definition;
    }

    /** @param readers those of all Parquet columns; those of this column are taken from it */
    static AvroColumn of(Column column, Iterator<ColumnReader> readers) {
        return of(column, 0, 0, readers);
    }

    private static AvroColumn of(Column column, int definition, int repetition, Iterator<ColumnReader> readers) {
        return switch (column.type().kind()) {
            case RECORD -> {
                List<AvroColumn> fields = column.type().parts().stream()
                        .map(field -> of(field, definition + 1, repetition, readers))
                        .toList();
                yield new RecordColumn(column, definition, fields);
            }
            case LIST -> {
                AvroColumn element = of(column.type().element(), definition + 2, repetition + 1, readers);
                yield new ListColumn(column, definition, repetition + 1, element);
            }
            default -> new ValueColumn(column, definition, readers.next());
        };
    }

    /** Adds what comes next to the row. */
    final void write(AvroBuffer row) {
        if (definitionLevel() <= definition) {
            if (!column.nullable()) {
                throw SkyrollException.defect(
                        "a leaf file holds a null in the column %s, which has none".formatted(column));
            }
            row.writeByte(0);
            skip();
        } else {
            if (column.nullable()) {
                row.writeByte(PRESENT);
            }
            writePresent(row);
        }
    }

    /** The definition level of the next entry. */
    abstract int definitionLevel();

    /** The repetition level of the next entry. */
    abstract int repetitionLevel();

    abstract void writePresent(AvroBuffer row);

    /** Passes over the one entry that stands for something absent. */
    abstract void skip();

    private static final class RecordColumn extends AvroColumn {
        private final List<AvroColumn> fields;

        RecordColumn(Column column, int definition, List<AvroColumn> fields) {
            super(column, definition);
            this.fields = fields;
        }

        @Override
        int definitionLevel() {
            return fields.get(0).definitionLevel();
        }

        @Override
        int repetitionLevel() {
            return fields.get(0).repetitionLevel();
        }

        @Override
        void writePresent(AvroBuffer row) {
            for (AvroColumn field : fields) {
                field.write(row);
            }
        }

        @Override
        void skip() {
            for (AvroColumn field : fields) {
                field.skip();
            }
        }
    }

    private static final class ListColumn extends AvroColumn {
        private final int emptyDefinition;
        private final int furtherRepetition;
        private final AvroColumn element;
        private final AvroBuffer elements = new AvroBuffer(1 << 7);

        /** @param furtherRepetition the repetition level of every element but the first */
        ListColumn(Column column, int definition, int furtherRepetition, AvroColumn element) {
            super(column, definition);
            this.emptyDefinition = definition + 1;
            this.furtherRepetition = furtherRepetition;
            this.element = element;
        }

        @Override
        int definitionLevel() {
            return element.definitionLevel();
        }

        @Override
        int repetitionLevel() {
            return element.repetitionLevel();
        }

        @Override
        void writePresent(AvroBuffer row) {
            if (definitionLevel() == emptyDefinition) {
                skip();
            } else {
                elements.clear();
                long count = 0;
                do {
                    element.write(elements);
                    count++;
                } while (repetitionLevel() == furtherRepetition);
                row.writeLong(count);
                row.write(elements.bytes(), 0, elements.size());
            }
            // No further block.
            row.writeByte(0);
        }

        @Override
        void skip() {
            element.skip();
        }
    }
}
