package io.skyroll.schemas.row;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.wire.AvroBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;

/**
 * Puts values into rows that came without them. PostgreSQL does not send a value that is stored out of line when an update leaves it
 * alone; such a column is null in the row, and the source's number of it stands beside the row. Owned by one thread.
 */
public final class UnsentValues {
    /** The second branch of a union, as an Avro long. */
    private static final int PRESENT = 2;

    private final List<Column> columns;
    private final List<Integer> numbers;
    private final RowPlan plan;
    private final int[] starts;
    private final int[] ends;
    private final int[] knownStarts;
    private final int[] knownEnds;

    /**
     * For rows of one schema.
     *
     * @param rows says the source's number of each column
     */
    public UnsentValues(Schema rows) {
        RowSchema schema = RowSchema.parse(rows);
        columns = schema.columns();
        numbers = ColumnOrigins.of(rows)
                .orElseThrow(() -> SkyrollException.defect(
                        "%s: values of rows were not sent, but the schema does not number the columns"
                                .formatted(schema.name())))
                .numbers();
        plan = new RowPlan(schema);
        starts = new int[plan.columnCount()];
        ends = new int[plan.columnCount()];
        knownStarts = new int[plan.columnCount()];
        knownEnds = new int[plan.columnCount()];
    }

    /**
     * Writes a row with those values that an earlier state of it has. None of them was null there, since nulls are sent.
     *
     * @param row Avro binary, from a start on; null in the columns that were not sent
     * @param unsent the numbers of these columns; one that the table has no more means nothing
     * @param known the earlier state, of the same schema
     * @return the numbers of columns that are null in it too: their values stay unknown
     */
    public List<Integer> fill(
            byte[] row, int start, List<Integer> unsent, byte[] known, int knownStart, AvroBuffer target) {
        int unusedEnd = plan.locate(row, start, starts, ends);
        unusedEnd = plan.locate(known, knownStart, knownStarts, knownEnds);
        List<Integer> unknown = new ArrayList<>();
        for (int column = 0; column < starts.length; column++) {
            if (!unsent.contains(numbers.get(column))) {
                write(column, row, starts, ends, target);
            } else {
                write(column, known, knownStarts, knownEnds, target);
                if (knownStarts[column] == RowPlan.NULL) {
                    unknown.add(numbers.get(column));
                }
            }
        }
        return unknown;
    }

    private void write(int column, byte[] bytes, int[] from, int[] to, AvroBuffer target) {
        if (from[column] == RowPlan.NULL) {
            target.writeByte(0);
            return;
        }
        if (columns.get(column).nullable()) {
            target.writeByte(PRESENT);
        }
        target.write(bytes, from[column], to[column] - from[column]);
    }

    /** The names of columns, by their numbers. */
    public List<String> names(List<Integer> some) {
        return some.stream()
                .map(number -> columns.get(numbers.indexOf(number)).name())
                .toList();
    }

    /** Numbers of columns as they stand beside a row: 2 bytes each, big-endian. */
    public static byte[] pack(List<Integer> numbers) {
        ByteBuffer packed = ByteBuffer.allocate(numbers.size() * Short.BYTES);
        numbers.forEach(number -> packed.putShort(number.shortValue()));
        return packed.array();
    }

    /** What {@link #pack} has packed. */
    public static List<Integer> unpack(byte[] packed) {
        ByteBuffer buffer = ByteBuffer.wrap(packed);
        List<Integer> numbers = new ArrayList<>();
        while (buffer.hasRemaining()) {
            numbers.add((int) buffer.getShort());
        }
        return numbers;
    }
}
