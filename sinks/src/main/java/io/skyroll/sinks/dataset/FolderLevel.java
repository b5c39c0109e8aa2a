package io.skyroll.sinks.dataset;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.AvroCursor;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.List;
import java.util.UUID;

/** One level of folders. Owned by one thread. */
final class FolderLevel {
    private static final long DAY_MICROS = 86_400_000_000L;
    private static final int NANOS = 1_000;
    /** Branches of a union, as Avro writes them. */
    private static final int ABSENT = 0;

    private static final int PRESENT = 2;

    private final String table;
    private final FolderRule rule;
    private final int index;
    private final Column column;
    /** Finds where a value ends. */
    private final RowPlan value;

    private final AvroCursor cursor = new AvroCursor();

    /** @param rule one that {@link FolderCheck} has nothing against */
    FolderLevel(RowSchema schema, FolderRule rule) {
        this.table = schema.name();
        this.rule = rule;
        this.index = schema.indexOf(rule.column());
        this.column = schema.columns().get(index);
        this.value =
                new RowPlan(new RowSchema(table, List.of(new Column(column.name(), column.type(), false)), List.of()));
    }

    FolderRule rule() {
        return rule;
    }

    /** Whether the folder's name says all about the column. */
    boolean isWholeValue() {
        return rule.part() == FolderPart.VALUE;
    }

    /**
     * Adds what rows of one folder have in common, and rows of different folders have not: the Avro binary of the value, with the branch
     * of a nullable column, or the part of a time.
     *
     * @param offsets where the row's values start
     */
    void writeKey(byte[] row, int[] offsets, AvroBuffer key) {
        int start = offsets[index];
        if (start == RowPlan.NULL) {
            key.writeByte(ABSENT);
            return;
        }
        if (column.nullable()) {
            key.writeByte(PRESENT);
        }
        if (isWholeValue()) {
            key.write(row, start, value.end(row, start) - start);
        } else {
            key.writeLong(part(row, start));
        }
    }

    /** The name of the folder that a row belongs in. */
    String name(byte[] row, int[] offsets) {
        int start = offsets[index];
        if (start == RowPlan.NULL) {
            return HiveNames.folderOfNull(rule.key());
        }
        String text = isWholeValue() ? text(row, start) : rule.part().text(part(row, start));
        return HiveNames.folder(table, rule.key(), text);
    }

    private String text(byte[] row, int start) {
        cursor.at(row, start);
        return switch (column.type().kind()) {
            case BOOLEAN -> Boolean.toString(cursor.readBoolean());
            case INT16, INT32, INT64 -> Long.toString(cursor.readLong());
            case DATE -> LocalDate.ofEpochDay(cursor.readLong()).toString();
            case STRING, TEXT_FORM -> {
                int length = cursor.readLength();
                yield new String(row, cursor.position(), length, StandardCharsets.UTF_8);
            }
            case UUID -> {
                ByteBuffer bytes = ByteBuffer.wrap(row, start, 2 * Long.BYTES);
                yield new UUID(bytes.getLong(), bytes.getLong()).toString();
            }
            default -> throw new IllegalStateException("no folder is named by %s".formatted(column));
        };
    }

    private int part(byte[] row, int start) {
        return rule.part().of(time(row, start));
    }

    private LocalDateTime time(byte[] row, int start) {
        long number = cursor.at(row, start).readLong();
        if (column.type().kind() == ColumnType.Kind.DATE) {
            return LocalDate.ofEpochDay(number).atStartOfDay();
        }
        return LocalDateTime.of(
                LocalDate.ofEpochDay(Math.floorDiv(number, DAY_MICROS)),
                LocalTime.ofNanoOfDay(Math.floorMod(number, DAY_MICROS) * NANOS));
    }
}
