package io.skyroll.schemas.row;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.ColumnType.Kind;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.AvroCursor;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * What rows of an earlier schema are by a later one of the same table: columns keep their values whatever they are called, those that
 * were dropped are left out, those that were added have what the source gives such rows. Immutable but for what {@link #convert} uses:
 * owned by one thread.
 */
public final class RowEvolution {
    private static final int NEW = -1;
    private static final byte[] NULL = {0};
    /** The second branch of a union, as an Avro long. */
    private static final int PRESENT = 2;

    private final List<Column> from;
    private final List<Column> to;
    private final int[] sources;
    private final byte[][] added;
    private final RowPlan plan;
    private final int[] starts;
    private final int[] ends;
    private final AvroCursor value = new AvroCursor();

    private RowEvolution(RowSchema from, RowSchema to, int[] sources, byte[][] added) {
        this.from = from.columns();
        this.to = to.columns();
        this.sources = sources;
        this.added = added;
        plan = new RowPlan(from);
        starts = new int[plan.columnCount()];
        ends = new int[plan.columnCount()];
    }

    /**
     * Finds the way from one schema to another.
     *
     * @throws SkyrollException that names everything that keeps the rows from having the later form
     */
    public static RowEvolution between(Schema from, Schema to) {
        RowSchema earlier = RowSchema.parse(from);
        RowSchema later = RowSchema.parse(to);
        List<String> problems = new ArrayList<>();
        Optional<ColumnOrigins> before = ColumnOrigins.of(from);
        Optional<ColumnOrigins> after = ColumnOrigins.of(to);
        if (before.isEmpty() || after.isEmpty()) {
            throw refused(earlier, List.of("the schemas do not say which columns are the same"));
        }
        int[] sources = new int[later.columns().size()];
        byte[][] added = new byte[sources.length][];
        for (int column = 0; column < sources.length; column++) {
            int number = after.get().numbers().get(column);
            sources[column] = before.get().numbers().indexOf(number);
            byte @Nullable [] value = after.get().defaults().get(number);
            added[column] = value == null ? NULL : value;
            check(earlier, sources[column], later.columns().get(column), problems);
        }
        checkKey(earlier, before.get(), later, after.get(), problems);
        if (!problems.isEmpty()) {
            throw refused(earlier, problems);
        }
        return new RowEvolution(earlier, later, sources, added);
    }

    private static SkyrollException refused(RowSchema rows, List<String> problems) {
        return SkyrollException.configuration(
                "%s: rows cannot go on in the table's new form: %s; start again with --resnapshot, which reads the table anew"
                        .formatted(rows.name(), String.join("; ", problems)));
    }

    private static void check(RowSchema earlier, int source, Column column, List<String> problems) {
        if (source == NEW) {
            if (!column.nullable()) {
                problems.add("column \"%s\" is new, and not nullable".formatted(column.name()));
            }
            return;
        }
        Column former = earlier.columns().get(source);
        if (!isWithin(former.type(), column.type())) {
            problems.add("column \"%s\" was %s and is %s now: not every value stays the same"
                    .formatted(column.name(), former.type(), column.type()));
        }
        if (former.nullable() && !column.nullable()) {
            problems.add("column \"%s\" was nullable".formatted(column.name()));
        }
    }

    private static void checkKey(
            RowSchema earlier, ColumnOrigins before, RowSchema later, ColumnOrigins after, List<String> problems) {
        List<Integer> formerKey = earlier.keyColumns().stream()
                .map(name -> before.numbers().get(earlier.indexOf(name)))
                .toList();
        List<Integer> key = later.keyColumns().stream()
                .map(name -> after.numbers().get(later.indexOf(name)))
                .toList();
        if (!key.equals(formerKey)) {
            problems.add("the primary key was %s and is %s now".formatted(earlier.keyColumns(), later.keyColumns()));
            return;
        }
        for (int i = 0; i < key.size(); i++) {
            Column former =
                    earlier.columns().get(earlier.indexOf(earlier.keyColumns().get(i)));
            Column now = later.columns().get(later.indexOf(later.keyColumns().get(i)));
            if (!former.name().equals(now.name())) {
                problems.add(
                        "column \"%s\" of the primary key is called \"%s\" now".formatted(former.name(), now.name()));
            }
            if (former.type().kind() == Kind.FLOAT32 && now.type().kind() == Kind.FLOAT64) {
                problems.add(
                        "column \"%s\" of the primary key has other bytes as %s".formatted(now.name(), now.type()));
            }
        }
    }

    /** Whether every value of a type is one of the other type too, and the same number or text. */
    private static boolean isWithin(ColumnType former, ColumnType now) {
        return former.equals(now)
                || switch (former.kind()) {
                    case INT16 -> now.kind() == Kind.INT32 || now.kind() == Kind.INT64;
                    case INT32 -> now.kind() == Kind.INT64;
                    case FLOAT32 -> now.kind() == Kind.FLOAT64;
                    case DECIMAL -> now.kind() == Kind.DECIMAL
                            && now.scale() == former.scale()
                            && now.precision() > former.precision();
                    default -> false;
                };
    }

    /** Number of columns of the later form. */
    public int columns() {
        return sources.length;
    }

    /** Whether columns only come, go and are renamed, and no value of those that stay is written in another way. */
    public boolean keepsTypes() {
        for (int column = 0; column < sources.length; column++) {
            if (sources[column] != NEW
                    && !from.get(sources[column]).type().equals(to.get(column).type())) {
                return false;
            }
        }
        return true;
    }

    /** What a column of the later form was called before; empty when it is new. */
    public Optional<String> formerName(int column) {
        return sources[column] == NEW
                ? Optional.empty()
                : Optional.of(from.get(sources[column]).name());
    }

    /** What rows of the earlier form have in a new column: Avro binary with the branch of the nullable column. */
    public byte[] added(int column) {
        return added[column].clone();
    }

    /**
     * Writes a row in its later form.
     *
     * @param bytes the row in its earlier form, Avro binary
     * @return where the earlier form ends (exclusive)
     */
    public int convert(byte[] bytes, int start, AvroBuffer target) {
        int end = plan.locate(bytes, start, starts, ends);
        for (int column = 0; column < sources.length; column++) {
            int source = sources[column];
            if (source == NEW) {
                target.write(added[column], 0, added[column].length);
            } else if (starts[source] == RowPlan.NULL) {
                target.writeByte(0);
            } else {
                if (to.get(column).nullable()) {
                    target.writeByte(PRESENT);
                }
                write(source, to.get(column), bytes, target);
            }
        }
        return end;
    }

    private void write(int source, Column column, byte[] bytes, AvroBuffer target) {
        boolean isWidenedFloat =
                from.get(source).type().kind() == Kind.FLOAT32 && column.type().kind() == Kind.FLOAT64;
        if (isWidenedFloat) {
            double wide = value.at(bytes, starts[source]).readFloat();
            target.writeDoubleBits(Double.doubleToRawLongBits(wide));
        } else {
            // Integers of all widths are written alike, and so are decimals of all precisions.
            target.write(bytes, starts[source], ends[source] - starts[source]);
        }
    }
}
