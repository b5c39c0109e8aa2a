package io.skyroll.producers.postgres;

import io.skyroll.producers.postgres.TypeResolver.Form;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.ColumnType.Kind;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.AvroCursor;
import java.util.List;

/**
 * Rows within a row in the form that readers of HATS take for nested frames: a record of lists, all of one length, from which a reader may
 * load single fields. A column that is a list of records becomes one; a column that is a record of lists already is one, if the lengths
 * of its lists are equal.
 */
final class StructOfLists {
    private StructOfLists() {}

    /**
     * The form of a column.
     *
     * @param name its type in messages
     * @param form how the column is carried otherwise
     */
    static Form of(String name, Form form) {
        ColumnType type = form.type();
        if (type.kind() == Kind.LIST && type.element().type().kind() == Kind.RECORD) {
            List<Column> parts = type.element().type().parts();
            List<Column> lists = parts.stream()
                    .map(part -> new Column(part.name(), ColumnType.list(part.type()), false))
                    .toList();
            return new Form(
                    ColumnType.record(lists),
                    new Transposed(name, form.decoder(), parts, plans(parts)),
                    form.becomesNull());
        }
        if (type.kind() == Kind.RECORD
                && type.parts().stream().allMatch(part -> part.type().kind() == Kind.LIST)) {
            return new Form(
                    type,
                    new EqualLengths(name, form.decoder(), type.parts(), plans(type.parts())),
                    form.becomesNull());
        }
        return form;
    }

    /** How to walk each column by itself, with its union's branch. */
    private static List<RowPlan> plans(List<Column> columns) {
        return columns.stream()
                .map(column -> new RowPlan(new RowSchema("part", List.of(column), List.of())))
                .toList();
    }

    /**
     * A list of records as a record of lists.
     *
     * @param list writes the list of records
     * @param parts of a record
     */
    private record Transposed(String name, FieldDecoder list, List<Column> parts, List<RowPlan> plans)
            implements FieldDecoder {

        @Override
        public Outcome decode(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions) {
            AvroBuffer records = new AvroBuffer(length);
            Outcome outcome = list.decode(fields, start, length, records, conversions);
            if (outcome != Outcome.WRITTEN) {
                return outcome;
            }
            AvroCursor cursor = new AvroCursor().at(records.bytes(), 0);
            int count = (int) cursor.readLong();
            // The places of the values, record by record.
            int[] starts = new int[count * parts.size()];
            int[] ends = new int[starts.length];
            int p = cursor.position();
            for (int i = 0; i < starts.length; i++) {
                if (i % parts.size() == 0 && records.bytes()[p++] == 0) {
                    return conversions.refuse(
                            "%s: an array with an element that is null has no place in a struct of lists; nested: list_of_structs would carry it"
                                    .formatted(name));
                }
                starts[i] = p;
                p = plans.get(i % parts.size()).end(records.bytes(), p);
                ends[i] = p;
            }
            for (int part = 0; part < parts.size(); part++) {
                write(records.bytes(), part, starts, ends, target);
            }
            return Outcome.WRITTEN;
        }

        private void write(byte[] records, int part, int[] starts, int[] ends, AvroBuffer target) {
            boolean hasBranch = parts.get(part).nullable();
            if (starts.length > 0) {
                target.writeLong(starts.length / parts.size());
            }
            for (int i = part; i < starts.length; i += parts.size()) {
                if (!hasBranch) {
                    target.writeByte(2);
                }
                target.write(records, starts[i], ends[i] - starts[i]);
            }
            target.writeLong(0);
        }
    }

    /**
     * A record of lists of one length; lists that are null count as empty.
     *
     * @param whole writes the record
     * @param lists of the record
     */
    private record EqualLengths(String name, FieldDecoder whole, List<Column> lists, List<RowPlan> plans)
            implements FieldDecoder {

        @Override
        public Outcome decode(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions) {
            int p = target.size();
            Outcome outcome = whole.decode(fields, start, length, target, conversions);
            if (outcome != Outcome.WRITTEN) {
                return outcome;
            }
            AvroCursor cursor = new AvroCursor();
            long first = -1;
            for (int i = 0; i < lists.size(); i++) {
                cursor.at(target.bytes(), p);
                long count = lists.get(i).nullable() && !cursor.readPresent() ? 0 : cursor.readLong();
                if (i > 0 && count != first) {
                    return conversions.refuse(
                            "%s: arrays of %d and %d elements have no place in a struct of lists; nested: list_of_structs would carry them"
                                    .formatted(name, first, count));
                }
                first = count;
                p = plans.get(i).end(target.bytes(), p);
            }
            return Outcome.WRITTEN;
        }
    }
}
