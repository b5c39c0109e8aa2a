package io.skyroll.sinks.parquet;

import io.skyroll.schemas.failure.SkyrollException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.schema.PrimitiveType;

/**
 * The values of a column as keys: bytes whose unsigned order, none a prefix of another, is the order of the values. Of floating-point
 * values a NaN is beyond the infinity of its sign, and the zeros differ.
 */
enum SortKeys {
    BOOLEAN {
        @Override
        byte[] key(ColumnReader column) {
            return new byte[] {(byte) (column.getBoolean() ? 1 : 0)};
        }

        @Override
        byte[] plain(byte[] key) {
            return key;
        }
    },
    INT {
        @Override
        byte[] key(ColumnReader column) {
            return bytes(column.getInteger() ^ Integer.MIN_VALUE);
        }

        @Override
        byte[] plain(byte[] key) {
            return PlainValues.littleEndian(ByteBuffer.wrap(key).getInt() ^ Integer.MIN_VALUE, Integer.BYTES);
        }
    },
    LONG {
        @Override
        byte[] key(ColumnReader column) {
            return bytes(column.getLong() ^ Long.MIN_VALUE);
        }

        @Override
        byte[] plain(byte[] key) {
            return PlainValues.littleEndian(ByteBuffer.wrap(key).getLong() ^ Long.MIN_VALUE, Long.BYTES);
        }
    },
    FLOAT {
        @Override
        byte[] key(ColumnReader column) {
            int bits = Float.floatToRawIntBits(column.getFloat());
            return bytes(bits ^ ((bits >> (Integer.SIZE - 1)) | Integer.MIN_VALUE));
        }

        @Override
        byte[] plain(byte[] key) {
            int ordered = ByteBuffer.wrap(key).getInt();
            return PlainValues.littleEndian(
                    ordered ^ (~(ordered >> (Integer.SIZE - 1)) | Integer.MIN_VALUE), Integer.BYTES);
        }
    },
    DOUBLE {
        @Override
        byte[] key(ColumnReader column) {
            long bits = Double.doubleToRawLongBits(column.getDouble());
            return bytes(bits ^ ((bits >> (Long.SIZE - 1)) | Long.MIN_VALUE));
        }

        @Override
        byte[] plain(byte[] key) {
            long ordered = ByteBuffer.wrap(key).getLong();
            return PlainValues.littleEndian(ordered ^ (~(ordered >> (Long.SIZE - 1)) | Long.MIN_VALUE), Long.BYTES);
        }
    },
    /** UTF-8, closed by a zero byte, which no text of PostgreSQL holds. */
    TEXT {
        @Override
        byte[] key(ColumnReader column) {
            byte[] text = column.getBinary().getBytesUnsafe();
            return Arrays.copyOf(text, text.length + 1);
        }

        @Override
        byte[] plain(byte[] key) {
            return Arrays.copyOf(key, key.length - 1);
        }
    },
    /** Two's complement, big-endian. */
    FIXED {
        @Override
        byte[] key(ColumnReader column) {
            return withOtherSign(column.getBinary().getBytes().clone());
        }

        @Override
        byte[] plain(byte[] key) {
            return withOtherSign(key.clone());
        }
    };

    /** The key of the value that a reader is at. */
    abstract byte[] key(ColumnReader column);

    /** The value in Parquet's PLAIN encoding, that of a text without its length. */
    abstract byte[] plain(byte[] key);

    static SortKeys of(PrimitiveType type) {
        return switch (type.getPrimitiveTypeName()) {
            case BOOLEAN -> BOOLEAN;
            case INT32 -> INT;
            case INT64 -> LONG;
            case FLOAT -> FLOAT;
            case DOUBLE -> DOUBLE;
            case BINARY -> TEXT;
            case FIXED_LEN_BYTE_ARRAY -> FIXED;
            case INT96 -> throw SkyrollException.defect("leaves have no INT96: %s".formatted(type));
        };
    }

    private static byte[] bytes(int value) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(value).array();
    }

    private static byte[] bytes(long value) {
        return ByteBuffer.allocate(Long.BYTES).putLong(value).array();
    }

    private static byte[] withOtherSign(byte[] number) {
        number[0] ^= Byte.MIN_VALUE;
        return number;
    }
}
