package io.skyroll.streams.topology;

import io.skyroll.schemas.position.Position;
import io.skyroll.streams.places.Places;
import io.skyroll.streams.places.Places.Place;
import io.skyroll.streams.row.RowCheck;
import io.skyroll.streams.tally.Tally;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;

/**
 * Remembers places for rows whose changes do not tell them. While a snapshot is read, its rows come in any order with the changes behind
 * it: a row that a change has overtaken must not come back. Owned by the task's thread.
 */
final class Tracker {
    private final Places places;
    private final Tally tally;

    Tracker(Places places, Tally tally) {
        this.places = places;
        this.tally = tally;
    }

    /** Whether something newer is known of a row of the snapshot. */
    boolean isOvertaken(Bytes key, Position position) {
        return places.of(key)
                .filter(known -> known.position().isAfter(position))
                .isPresent();
    }

    /** Notes where a row of the snapshot is. */
    void place(Bytes key, long cell, Position position) {
        if (cell != RowCheck.REJECTED) {
            places.put(key, new Place(cell, position));
        }
    }

    /**
     * Notes where a change has put a row.
     *
     * @param cell {@link RowCheck#REJECTED} when it is in the catalog no more
     * @return where it was: {@link RowCheck#REJECTED} when it was not in the catalog
     */
    long move(Bytes key, long cell, Position position) {
        Optional<Place> known = places.of(key);
        long old = known.map(Place::cell).orElse(Places.NOWHERE);
        if (tally.isAfterReset() || (cell != RowCheck.REJECTED && cell != old)) {
            places.put(key, new Place(cell == RowCheck.REJECTED ? Places.NOWHERE : cell, position));
        } else if (cell == RowCheck.REJECTED && known.isPresent()) {
            places.forget(key);
        }
        return old == Places.NOWHERE ? RowCheck.REJECTED : old;
    }
}
