package io.skyroll.producers.postgres;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.wire.AvroBuffer;
import java.nio.charset.StandardCharsets;

/** Types of which every value has an Avro form, or nearly so. */
enum ScalarField implements FieldDecoder {
    BOOLEAN {
        @Override
        void write(byte[] fields, int start, int length, AvroBuffer target) {
            target.writeByte(fields[start]);
        }
    },
    INT16 {
        @Override
        void write(byte[] fields, int start, int length, AvroBuffer target) {
            target.writeLong(BinaryFields.int16(fields, start));
        }
    },
    INT32 {
        @Override
        void write(byte[] fields, int start, int length, AvroBuffer target) {
            target.writeLong(BinaryFields.int32(fields, start));
        }
    },
    INT64 {
        @Override
        void write(byte[] fields, int start, int length, AvroBuffer target) {
            target.writeLong(BinaryFields.int64(fields, start));
        }
    },
    FLOAT32 {
        @Override
        void write(byte[] fields, int start, int length, AvroBuffer target) {
            target.writeFloatBits(BinaryFields.int32(fields, start));
        }
    },
    FLOAT64 {
        @Override
        void write(byte[] fields, int start, int length, AvroBuffer target) {
            target.writeDoubleBits(BinaryFields.int64(fields, start));
        }
    },
    /** Texts, and bytes: their binary form is what they are. */
    CONTENT {
        @Override
        void write(byte[] fields, int start, int length, AvroBuffer target) {
            target.writeWithLength(fields, start, length);
        }
    },
    UUID {
        @Override
        void write(byte[] fields, int start, int length, AvroBuffer target) {
            target.write(fields, start, length);
        }
    },
    /** oid, xid and cid: 32 bits without a sign. */
    UNSIGNED32 {
        @Override
        void write(byte[] fields, int start, int length, AvroBuffer target) {
            target.writeLong(Integer.toUnsignedLong(BinaryFields.int32(fields, start)));
        }
    },
    /** xid8: 64 bits without a sign. */
    UNSIGNED64 {
        @Override
        void write(byte[] fields, int start, int length, AvroBuffer target) {
            target.writeLong(BinaryFields.int64(fields, start));
        }

        @Override
        public Outcome decode(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions) {
            long value = BinaryFields.int64(fields, start);
            return value < 0
                    ? conversions.refuse("xid8 '%s' cannot be represented".formatted(Long.toUnsignedString(value)))
                    : super.decode(fields, start, length, target, conversions);
        }
    },
    /** jsonb: a version, then the document as text. */
    JSONB {
        @Override
        void write(byte[] fields, int start, int length, AvroBuffer target) {
            if (fields[start] != 1) {
                throw SkyrollException.defect(
                        "the server sends jsonb in version %d, expected 1".formatted(fields[start]));
            }
            target.writeWithLength(fields, start + 1, length - 1);
        }
    },
    /** "char": one byte, of which 0 is written as nothing, and what is not ASCII as PostgreSQL 16 and later write it. */
    SINGLE_BYTE {
        @Override
        void write(byte[] fields, int start, int length, AvroBuffer target) {
            int value = fields[start] & 0xFF;
            byte[] octal = "\\%03o".formatted(value).getBytes(StandardCharsets.US_ASCII);
            boolean isAscii = value < 0x80;
            target.writeWithLength(
                    isAscii ? fields : octal, isAscii ? start : 0, value == 0 ? 0 : isAscii ? 1 : octal.length);
        }
    },
    /** point, lseg, box, line, circle: as many doubles as there are. */
    FLOATS {
        @Override
        void write(byte[] fields, int start, int length, AvroBuffer target) {
            for (int at = start; at < start + length; at += Double.BYTES) {
                target.writeDoubleBits(BinaryFields.int64(fields, at));
            }
        }
    };

    abstract void write(byte[] fields, int start, int length, AvroBuffer target);

    @Override
    public Outcome decode(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions) {
        write(fields, start, length, target);
        return Outcome.WRITTEN;
    }
}
