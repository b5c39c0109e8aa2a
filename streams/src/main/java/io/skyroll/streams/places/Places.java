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
 * Where each row is on the sky, by its primary key, and what position said so. A row that was deleted or rejected has no place: that is
 * remembered while a snapshot's rows may still come late, and afterwards the row is forgotten. Owned by the task's thread.
 */
public final class Places {
    /** In place of a HEALPix value. */
    public static final long NOWHERE = -1;

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
     * @param cell HEALPix-29 value, or {@link #NOWHERE}
     * @param position of the change, or snapshot, that put it there
     */
    public record Place(long cell, Position position) {}

    /** The last that is known of a row. */
    public Optional<Place> of(Bytes key) {
        byte[] entry = store.get(key);
        if (entry == null) {
            return Optional.empty();
        }
        Position position = Position.of(Arrays.copyOfRange(entry, Long.BYTES, ENTRY_BYTES));
        return isVoid.test(position)
                ? Optional.empty()
                : Optional.of(new Place(ByteBuffer.wrap(entry).getLong(), position));
    }

    /** Remembers a row's place, or that it has none. */
    public void put(Bytes key, Place place) {
        store.put(
                key,
                ByteBuffer.allocate(ENTRY_BYTES)
                        .putLong(place.cell())
                        .put(place.position().toBytes())
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
