package io.skyroll.sinks.hats;

import io.skyroll.schemas.failure.SkyrollException;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * The stored form of {@link CellCounts}: magic, version (1 byte), order (1 byte), number of cells, then per cell the number of
 * empty cells since the one before and the rows; at the end the CRC-32C of all that, big-endian. Numbers are LEB128 varints.
 */
final class CellCountsCodec {

    /** "SKCC" in ASCII. */
    private static final int MAGIC = 0x534B4343;

    private static final int VERSION = 1;
    private static final int HEADER_BYTES = 6;
    private static final int CHECKSUM_BYTES = 4;
    /** A cell takes a byte for its place and one for its rows at least. */
    private static final int MIN_CELL_BYTES = 2;

    private CellCountsCodec() {}

    static byte[] encode(CellCounts counts) {
        ByteArrayOutputStream out = new ByteArrayOutputStream(HEADER_BYTES + 3 * counts.size() + 16);
        out.writeBytes(ByteBuffer.allocate(HEADER_BYTES)
                .putInt(MAGIC)
                .put((byte) VERSION)
                .put((byte) counts.order())
                .array());
        putVarint(out, counts.size());
        long previous = -1;
        for (int i = 0; i < counts.size(); i++) {
            putVarint(out, counts.cell(i) - previous - 1);
            putVarint(out, counts.count(i));
            previous = counts.cell(i);
        }
        byte[] body = out.toByteArray();
        return ByteBuffer.allocate(body.length + CHECKSUM_BYTES)
                .put(body)
                .putInt(checksum(body, body.length))
                .array();
    }

    static CellCounts decode(byte[] encoded) {
        int bodyBytes = encoded.length - CHECKSUM_BYTES;
        if (bodyBytes < HEADER_BYTES || ByteBuffer.wrap(encoded).getInt(0) != MAGIC) {
            throw SkyrollException.defect(
                    "stored cell counts: not a cell counts file, %d bytes".formatted(encoded.length));
        }
        if (encoded[4] != VERSION) {
            throw SkyrollException.defect(
                    "stored cell counts: version %d is not known, only %d; written by a newer release?"
                            .formatted(encoded[4], VERSION));
        }
        if (ByteBuffer.wrap(encoded).getInt(bodyBytes) != checksum(encoded, bodyBytes)) {
            throw SkyrollException.defect("stored cell counts: checksum is wrong, the file is damaged");
        }
        try {
            return read(ByteBuffer.wrap(encoded, HEADER_BYTES, bodyBytes - HEADER_BYTES), encoded[5]);
        } catch (IllegalArgumentException | ArithmeticException | BufferUnderflowException e) {
            throw SkyrollException.defect("stored cell counts: contents make no sense", e);
        }
    }

    private static CellCounts read(ByteBuffer in, int order) {
        long size = varint(in);
        if (size < 0 || size > in.remaining() / MIN_CELL_BYTES) {
            throw new IllegalArgumentException("%d cells in %d bytes".formatted(size, in.remaining()));
        }
        CellCounts.Builder counts = CellCounts.builder(order);
        long previous = -1;
        for (long i = 0; i < size; i++) {
            long gap = varint(in);
            if (gap < 0) {
                throw new IllegalArgumentException("negative gap after cell " + previous);
            }
            long cell = Math.addExact(previous + 1, gap);
            counts.add(cell, varint(in));
            previous = cell;
        }
        if (in.hasRemaining()) {
            throw new IllegalArgumentException("%d bytes after the last cell".formatted(in.remaining()));
        }
        return counts.build();
    }

    private static int checksum(byte[] bytes, int length) {
        CRC32C crc = new CRC32C();
        crc.update(bytes, 0, length);
        return (int) crc.getValue();
    }

    private static void putVarint(ByteArrayOutputStream out, long value) {
        long rest = value;
        while ((rest & ~0x7FL) != 0) {
            out.write((int) ((rest & 0x7F) | 0x80));
            rest >>>= 7;
        }
        out.write((int) rest);
    }

    private static long varint(ByteBuffer in) {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte next = in.get();
            value |= (next & 0x7FL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw new IllegalArgumentException("number of more than 64 bits");
    }
}
