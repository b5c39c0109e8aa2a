package io.skyroll.sinks.published;

import io.skyroll.schemas.row.RowHash;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReaderImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.io.api.Binary;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation.DecimalLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType;

/**
 * The rows of a row group, one after the other: {@code while (rows.next()) ...}. Columns are counted from 0 among those that were asked
 * for, where one that is nested counts as several. Owned by one thread.
 */
public final class TableRows {
    private final List<ColumnReader> columns = new ArrayList<>();
    private final List<PrimitiveType> types = new ArrayList<>();
    private final long count;
    private long row = -1;
    private boolean isConsumed = true;

    TableRows(PageReadStore pages, MessageType wanted) {
        this.count = pages.getRowCount();
        for (ColumnDescriptor column : wanted.getColumns()) {
            types.add(column.getPrimitiveType());
            // The converter and the writer's version serve record assembly and old bugs: neither is needed here.
            columns.add(new ColumnReaderImpl(column, pages.getPageReader(column), new PrimitiveConverter() {}, null));
        }
    }

    /** Goes to the next row; the first call goes to the first. */
    public boolean next() {
        if (!isConsumed) {
            columns.forEach(TableRows::skip);
        }
        isConsumed = false;
        return ++row < count;
    }

    private static void skip(ColumnReader column) {
        do {
            if (column.getCurrentDefinitionLevel() == column.getDescriptor().getMaxDefinitionLevel()) {
                // Passes over a value that nobody asked for; else nothing happens.
                column.skip();
            }
            column.consume();
        } while (column.getCurrentRepetitionLevel() > 0);
    }

    /** Number of the row in its row group, from 0. */
    public long row() {
        return row;
    }

    /** Whether there is no value; also for a list that is empty. */
    public boolean isNull(int column) {
        ColumnReader reader = columns.get(column);
        return reader.getCurrentDefinitionLevel() < reader.getDescriptor().getMaxDefinitionLevel();
    }

    /** The value of a column of 32- or 64-bit integers. */
    public long integer(int column) {
        ColumnReader reader = columns.get(column);
        return switch (types.get(column).getPrimitiveTypeName()) {
            case INT32 -> reader.getInteger();
            case INT64 -> reader.getLong();
            default -> throw notA("whole number", column);
        };
    }

    /** The double nearest to a number. */
    public double number(int column) {
        ColumnReader reader = columns.get(column);
        boolean isDecimal = types.get(column).getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation;
        return switch (types.get(column).getPrimitiveTypeName()) {
            case DOUBLE -> reader.getDouble();
            case FLOAT -> reader.getFloat();
            case INT32, INT64 -> isDecimal ? decimal(column, BigInteger.valueOf(integer(column))) : integer(column);
            case BINARY, FIXED_LEN_BYTE_ARRAY -> {
                if (!isDecimal) {
                    throw notA("number", column);
                }
                yield decimal(column, new BigInteger(reader.getBinary().getBytes()));
            }
            default -> throw notA("number", column);
        };
    }

    private double decimal(int column, BigInteger unscaled) {
        int scale = types.get(column).getLogicalTypeAnnotation() instanceof DecimalLogicalTypeAnnotation decimal
                ? decimal.getScale()
                : 0;
        return new BigDecimal(unscaled, scale).doubleValue();
    }

    /** The value's bytes, as {@link org.apache.parquet.column.statistics.Statistics} has them: integers little-endian. */
    public byte[] plainBytes(int column) {
        ColumnReader reader = columns.get(column);
        return switch (types.get(column).getPrimitiveTypeName()) {
            case BOOLEAN -> new byte[] {(byte) (reader.getBoolean() ? 1 : 0)};
            case INT32 -> little(Integer.BYTES).putInt(reader.getInteger()).array();
            case FLOAT -> little(Integer.BYTES).putFloat(reader.getFloat()).array();
            case INT64 -> little(Long.BYTES).putLong(reader.getLong()).array();
            case DOUBLE -> little(Long.BYTES).putDouble(reader.getDouble()).array();
            case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 -> reader.getBinary().getBytes();
        };
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(java.nio.ByteOrder.LITTLE_ENDIAN);
    }

    /** A number that equal values have in common, and different ones practically never; only if there is a value. */
    public long hash(int column) {
        return hash(columns.get(column), types.get(column));
    }

    /** A number that equal rows of equal columns have in common, and different ones practically never. Only {@link #next()} may follow. */
    public long hash() {
        long hash = 0;
        for (int column = 0; column < columns.size(); column++) {
            ColumnReader reader = columns.get(column);
            int present = reader.getDescriptor().getMaxDefinitionLevel();
            do {
                int definition = reader.getCurrentDefinitionLevel();
                hash = RowHash.combine(hash, (long) definition << Integer.SIZE | reader.getCurrentRepetitionLevel());
                if (definition == present) {
                    hash = RowHash.combine(hash, hash(reader, types.get(column)));
                }
                reader.consume();
            } while (reader.getCurrentRepetitionLevel() > 0);
        }
        isConsumed = true;
        return hash;
    }

    private static long hash(ColumnReader reader, PrimitiveType type) {
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> reader.getBoolean() ? 1 : 0;
            case INT32 -> reader.getInteger();
            case INT64 -> reader.getLong();
            case FLOAT -> Float.floatToRawIntBits(reader.getFloat());
            case DOUBLE -> Double.doubleToRawLongBits(reader.getDouble());
            case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 -> hash(reader.getBinary());
        };
    }

    private static long hash(Binary value) {
        byte[] bytes = value.getBytesUnsafe();
        return RowHash.of(bytes, 0, bytes.length);
    }

    private IllegalArgumentException notA(String wanted, int column) {
        return new IllegalArgumentException("column %s is not a %s".formatted(types.get(column), wanted));
    }
}
