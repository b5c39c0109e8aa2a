package io.skyroll.sinks.parquet;

import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.wire.AvroBuffer;
import java.nio.ByteBuffer;
import org.apache.parquet.column.ColumnReader;

/** Single values on their way back to Avro. */
final class ValueColumn extends AvroColumn {
    private final ColumnReader reader;
    private final Transfer transfer;

    private interface Transfer {
        void write(ColumnReader from, AvroBuffer row);
    }

    ValueColumn(Column column, int definition, ColumnReader reader) {
        super(column, definition);
        this.reader = reader;
        this.transfer = transfer(column.type());
    }

    @Override
    int definitionLevel() {
        return reader.getCurrentDefinitionLevel();
    }

    @Override
    int repetitionLevel() {
        return reader.getCurrentRepetitionLevel();
    }

    @Override
    void writePresent(AvroBuffer row) {
        transfer.write(reader, row);
        reader.consume();
    }

    @Override
    void skip() {
        reader.consume();
    }

    private static Transfer transfer(ColumnType type) {
        return switch (type.kind()) {
            case BOOLEAN -> (from, row) -> row.writeByte(from.getBoolean() ? 1 : 0);
            case INT16, INT32, DATE -> (from, row) -> row.writeLong(from.getInteger());
            case INT64, TIMESTAMP, TIMESTAMP_UTC, TIME -> (from, row) -> row.writeLong(from.getLong());
            case FLOAT32 -> (from, row) -> row.writeFloatBits(Float.floatToRawIntBits(from.getFloat()));
            case FLOAT64 -> (from, row) -> row.writeDoubleBits(Double.doubleToRawLongBits(from.getDouble()));
            case STRING, BYTES, JSON, TEXT_FORM -> ValueColumn::writeString;
            case DECIMAL -> {
                if (type.precision() <= LeafSchema.INT32_DIGITS) {
                    yield (from, row) -> SmallDecimalValues.writeAvro(from.getInteger(), row);
                }
                if (type.precision() <= LeafSchema.INT64_DIGITS) {
                    yield (from, row) -> SmallDecimalValues.writeAvro(from.getLong(), row);
                }
                yield ValueColumn::writeFixedDecimal;
            }
            case UUID -> ValueColumn::writeFixed;
            case LIST, RECORD -> throw new IllegalArgumentException(
                    "values of %s are put together from others".formatted(type));
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

    private static void writeFixed(ColumnReader from, AvroBuffer row) {
        ByteBuffer bytes = from.getBinary().toByteBuffer();
        row.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
    }
}
