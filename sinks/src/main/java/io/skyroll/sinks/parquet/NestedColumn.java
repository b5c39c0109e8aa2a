package io.skyroll.sinks.parquet;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.wire.AvroCursor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.Type;

/**
 * A column of lists or records, taken apart into columns of single values with levels. In Parquet everything in it is optional, and a list has
 * three levels: the list, its entries, and the element of each.
 */
final class NestedColumn implements RowColumn {
    /** What Parquet calls a list's entries. */
    static final String LIST_ENTRIES = "list";

    private final List<ChunkEncoder> chunks = new ArrayList<>();
    private final Node root;

    NestedColumn(Column column, Iterator<Type> types) {
        root = node(column, List.of(), 0, 0, types);
    }

    @Override
    public void append(AvroCursor row) {
        root.append(row, 0);
    }

    @Override
    public void write(PageOutput pages, Dictionary dictionary, List<ColumnChunk> target) throws IOException {
        for (ChunkEncoder chunk : chunks) {
            target.add(chunk.write(pages, dictionary));
        }
    }

    /**
     * @param parent the path of what it is in
     * @param definition the definition level when what it is in is there and it is not
     * @param repetition the number of lists that it is in
     */
    private Node node(Column column, List<String> parent, int definition, int repetition, Iterator<Type> types) {
        List<String> path = new ArrayList<>(parent);
        path.add(column.name());
        return switch (column.type().kind()) {
            case RECORD -> {
                List<Node> fields = column.type().parts().stream()
                        .map(field -> node(field, path, definition + 1, repetition, types))
                        .toList();
                yield new RecordNode(column.nullable(), definition, fields);
            }
            case LIST -> {
                path.add(LIST_ENTRIES);
                Node element = node(column.type().element(), path, definition + 2, repetition + 1, types);
                yield new ListNode(column.nullable(), definition, repetition + 1, element);
            }
            default -> {
                NestedLevels levels = new NestedLevels(definition + 1, repetition);
                PlainValues values = PlainValues.of(column.type());
                chunks.add(new ChunkEncoder(path, types.next(), levels, values));
                yield new ValueNode(column.nullable(), definition, levels, values);
            }
        };
    }

    /** A part of the column. */
    private abstract static class Node {
        private final boolean nullable;
        final int definition;

        Node(boolean nullable, int definition) {
            this.nullable = nullable;
            this.definition = definition;
        }

        /** Takes over what is at the cursor. */
        final void append(AvroCursor row, int repetition) {
            if (nullable && !row.readPresent()) {
                addAbsent(repetition, definition);
            } else {
                addPresent(row, repetition);
            }
        }

        abstract void addPresent(AvroCursor row, int repetition);

        /** Notes that it, or something that it is in, is not there. */
        abstract void addAbsent(int repetition, int absentDefinition);
    }

    private static final class ValueNode extends Node {
        private final NestedLevels levels;
        private final PlainValues values;

        ValueNode(boolean nullable, int definition, NestedLevels levels, PlainValues values) {
            super(nullable, definition);
            this.levels = levels;
            this.values = values;
        }

        @Override
        void addPresent(AvroCursor row, int repetition) {
            levels.add(repetition, definition + 1);
            values.append(row);
        }

        @Override
        void addAbsent(int repetition, int absentDefinition) {
            levels.add(repetition, absentDefinition);
        }
    }

    private static final class RecordNode extends Node {
        private final List<Node> fields;

        RecordNode(boolean nullable, int definition, List<Node> fields) {
            super(nullable, definition);
            this.fields = fields;
        }

        @Override
        void addPresent(AvroCursor row, int repetition) {
            for (Node field : fields) {
                field.append(row, repetition);
            }
        }

        @Override
        void addAbsent(int repetition, int absentDefinition) {
            for (Node field : fields) {
                field.addAbsent(repetition, absentDefinition);
            }
        }
    }

    private static final class ListNode extends Node {
        private final int furtherRepetition;
        private final Node element;

        /** @param furtherRepetition the repetition level of every element but the first */
        ListNode(boolean nullable, int definition, int furtherRepetition, Node element) {
            super(nullable, definition);
            this.furtherRepetition = furtherRepetition;
            this.element = element;
        }

        @Override
        void addPresent(AvroCursor row, int repetition) {
            // Rows that are read back must be the same bytes, so a list is one block, and its size is not given.
            long count = row.readLong();
            if (count == 0) {
                element.addAbsent(repetition, definition + 1);
                return;
            }
            for (long i = 0; i < count; i++) {
                element.append(row, i == 0 ? repetition : furtherRepetition);
            }
            long end = row.readLong();
            if (count < 0 || end != 0) {
                throw SkyrollException.defect(
                        "a list is not one block: a count of %d follows one of %d".formatted(end, count));
            }
        }

        @Override
        void addAbsent(int repetition, int absentDefinition) {
            element.addAbsent(repetition, absentDefinition);
        }
    }
}
