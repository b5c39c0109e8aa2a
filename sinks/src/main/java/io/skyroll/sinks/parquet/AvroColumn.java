package io.skyroll.sinks.parquet;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.wire.AvroBuffer;
import java.nio.ByteBuffer;
import org.apache.parquet.column.ColumnReader;

/** A column of a row group on its way back to Avro. */
final class AvroColumn {
    /** Branch 1 of a union, as Avro writes it. */
    private static final int PRESENT = 2;

    private final Column column;
    private final ColumnReader reader;
    private final Transfer transfer;

    private interface Transfer {
        void write(ColumnReader from, AvroBuffer row);
    }

    AvroColumn(Column column, ColumnReader reader) {
        this.column = column;
        this.reader = reader;
        this.transfer = transfer(column.type());
    }

    /** Adds the next row's value to the row. */
    void write(AvroBuffer row) {
        if (reader.getCurrentDefinitionLevel() == 0) {
            if (!column.nullable()) {
                throw SkyrollException.defect(
                        "a leaf file holds a null in the column %s, which has none".formatted(column));
            }
            row.writeByte(0);
        } else {
            if (column.nullable()) {
                row.writeByte(PRESENT);
            }
            transfer.write(reader, row);
        }
        reader.consume();
    }

    private static Transfer transfer(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> (from, row) -> row.writeByte(from.getBoolean() ? 1 : 0);
            case INT16, INT32, DATE -> (from, row) -> row.writeLong(from.getInteger());
            case INT64, TIMESTAMP, TIMESTAMP_UTC -> (from, row) -> row.writeLong(from.getLong());
            case FLOAT32 -> (from, row) -> row.writeFloatBits(Float.floatToRawIntBits(from.getFloat()));
            case FLOAT64 -> (from, row) -> row.writeDoubleBits(Double.doubleToRawLongBits(from.getDouble()));
            case STRING -> AvroColumn::writeString;
            case DECIMAL -> {
                if (type.precision() <= LeafSchema.INT32_DIGITS) {
                    yield (from, row) -> SmallDecimalValues.writeAvro(from.getInteger(), row);
                }
                if (type.precision() <= LeafSchema.INT64_DIGITS) {
                    yield (from, row) -> SmallDecimalValues.writeAvro(from.getLong(), row);
                }
                yield AvroColumn::writeFixedDecimal;
            }
            default -> throw LeafSchema.unknown(type);
        };
    }

    private static void writeString(ColumnReader from, AvroBuffer row) {
        ByteBuffer bytes = from.getBinary().toByteBuffer();
        row.writeWithLength(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }

    private static void writeFixedDecimal(ColumnReader from, AvroBuffer row) {
        ByteBuffer bytes = from.getBinary().toByteBuffer();
        FixedDecimalValues.writeAvro(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining(), row);
    }
}
