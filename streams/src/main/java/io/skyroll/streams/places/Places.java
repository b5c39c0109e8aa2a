package io.skyroll.streams.places;

import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.wire.WireFormat;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Predicate;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.state.KeyValueStore;

/**
 * What is remembered of each row, by its primary key: where it is on the sky, what position said so, and its large values, which changes
 * that leave them alone do not tell. A row that was deleted or rejected has no place: that is remembered while a snapshot's rows may still
 * come late; afterwards the row is forgotten, unless it has large values. Owned by the task's thread.
 */
public final class Places {
    /** In place of a HEALPix value. */
    public static final long NOWHERE = -1;
    /** In place of a HEALPix value: a change is held until the row that it is of comes with the snapshot. */
    public static final long HELD = -2;
    /** Of a row without large values. */
    public static final byte[] NOTHING = {};

    private static final int ENTRY_BYTES = Long.BYTES + Position.BYTES;

    private final KeyValueStore<Bytes, byte[]> store;
    private final Predicate<Position> isVoid;

    /** @param isVoid whether a reset has made void what was said at a position */
    public Places(KeyValueStore<Bytes, byte[]> store, Predicate<Position> isVoid) {
        this.store = store;
        this.isVoid = isVoid;
    }

    /**
     * A row's place.
     *
     * @param cell HEALPix-29 value, {@link #NOWHERE} or {@link #HELD}
     * @param position of the change, or snapshot, that put it there
     * @param kept the row in the wire format, with its large values alone, or {@link #NOTHING}; where a change is held, that
     */
    // Nobody compares it.
    @SuppressWarnings("ArrayRecordComponent")
    public record Place(long cell, Position position, byte[] kept) {
        public boolean isHeld() {
            return cell == HELD;
        }
    }

    /** The last that is known of a row. */
    public Optional<Place> of(Bytes key) {
        byte[] entry = store.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        Position position = Position.of(Arrays.copyOfRange(entry, Long.BYTES, ENTRY_BYTES));
        return isVoid.test(position)
                ? Optional.empty()
                : Optional.of(new Place(
                        ByteBuffer.wrap(entry).getLong(),
                        position,
                        entry.length == ENTRY_BYTES ? NOTHING : Arrays.copyOfRange(entry, ENTRY_BYTES, entry.length)));
    }

    /** Remembers a row. */
    public void put(Bytes key, Place place) {
        store.put(
                key,
                ByteBuffer.allocate(ENTRY_BYTES + place.kept().length)
                        .putLong(place.cell())
                        .put(place.position().toBytes())
                        .put(place.kept())
                        .array());
    }

    /** Forgets a row. */
    public void forget(Bytes key) {
        store.delete(key);
    }

    /** The key of a record in the wire format, without its schema's id. */
    public static Bytes key(byte[] wireKey) {
        return Bytes.wrap(Arrays.copyOfRange(wireKey, WireFormat.PREFIX_BYTES, wireKey.length));
    }
}
