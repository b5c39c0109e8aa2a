package io.skyroll.schemas.position;

import java.nio.ByteBuffer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A place in a source's history. All places of a source form one total order: epoch, then LSN, then sequence, each unsigned.
 *
 * <p>A row of a snapshot carries the snapshot's position (sequence 0); a change carries its commit's end LSN and its number
 * in the transaction, from 1. Sources without an LSN count runs in its place.
 *
 * @param epoch counts database systems, from 1; changes only with the database's system identifier
 * @param lsn PostgreSQL's log sequence number, unsigned
 * @param sequence number within the LSN, unsigned
 */
public record Position(int epoch, long lsn, long sequence) implements Comparable<Position> {

    /** Size of the binary form in bytes: epoch, LSN and sequence, big-endian, so that byte order is position order. */
    public static final int BYTES = Integer.BYTES + Long.BYTES + Long.BYTES;

    /** Before everything. */
    public static final Position ORIGIN = new Position(0, 0, 0);

    private static final Pattern TEXT = Pattern.compile("(\\d{1,10}):([0-9A-F]{1,8})/([0-9A-F]{1,8}):(\\d{1,20})");

    /** Reads the text form made by {@link #toString()}. */
    public static Position parse(String text) {
        Matcher matcher = TEXT.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("position must look like 1:0/16B3748:0 : '%s'".formatted(text));
        }
        long lsn = Long.parseLong(matcher.group(2), 16) << 32 | Long.parseLong(matcher.group(3), 16);
        return new Position(Integer.parseUnsignedInt(matcher.group(1)), lsn, Long.parseUnsignedLong(matcher.group(4)));
    }

    /** Reads the binary form. */
    public static Position of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a position has %d bytes: %d".formatted(BYTES, bytes.length));
        }
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Position(buffer.getInt(), buffer.getLong(), buffer.getLong());
    }

    /** The binary form. */
    public byte[] toBytes() {
        return ByteBuffer.allocate(BYTES)
                .putInt(epoch)
                .putLong(lsn)
                .putLong(sequence)
                .array();
    }

    public boolean isAfter(Position other) {
        return compareTo(other) > 0;
    }

    @Override
    public int compareTo(Position other) {
        int byEpoch = Integer.compareUnsigned(epoch, other.epoch);
        if (byEpoch != 0) {
            return byEpoch;
        }
        int byLsn = Long.compareUnsigned(lsn, other.lsn);
        return byLsn != 0 ? byLsn : Long.compareUnsigned(sequence, other.sequence);
    }

    /** Epoch, LSN as PostgreSQL writes it, and sequence: {@code 1:0/16B3748:0}. */
    @Override
    public String toString() {
        return "%s:%X/%X:%s"
                .formatted(
                        Integer.toUnsignedString(epoch),
                        lsn >>> 32,
                        lsn & 0xFFFF_FFFFL,
                        Long.toUnsignedString(sequence));
    }
}
