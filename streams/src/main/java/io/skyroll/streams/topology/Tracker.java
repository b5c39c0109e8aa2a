package io.skyroll.streams.topology;

import io.skyroll.schemas.position.Position;
import io.skyroll.streams.places.Places;
import io.skyroll.streams.places.Places.Place;
import io.skyroll.streams.row.RowCheck;
import io.skyroll.streams.tally.Tally;
import java.util.Arrays;
import java.util.Optional;
import org.apache.kafka.common.utils.Bytes;

/**
 * Remembers of rows what their changes do not tell: their places, unless keys say them, and their large values. While a snapshot is read,
 * its rows come in any order with the changes behind it: a row that a change has overtaken must not come back. Owned by the task's thread.
 */
final class Tracker {
    private final Places places;
    private final Tally tally;
    private final boolean arePlacesTold;

    /** @param arePlacesTold whether keys say where rows are */
    Tracker(Places places, Tally tally, boolean arePlacesTold) {
        this.places = places;
        this.tally = tally;
        this.arePlacesTold = arePlacesTold;
    }

    /** The last that is known of a row. */
    Optional<Place> of(Bytes key) {
        return places.of(key);
    }

    /**
     * Notes a row of the snapshot.
     *
     * @param cell where it is, {@link RowCheck#REJECTED} when it is not in the catalog
     * @param kept what is kept of its large values
     */
    void place(Bytes key, long cell, Position position, byte[] kept) {
        if ((cell != RowCheck.REJECTED && !arePlacesTold) || kept.length > 0) {
            put(key, cell, position, kept);
        }
    }

    /**
     * Notes what a change has made of a row.
     *
     * @param cell where it is, {@link RowCheck#REJECTED} when it is in the catalog no more
     * @param kept what is kept of its large values
     * @return where it was: {@link RowCheck#REJECTED} when it was not in the catalog, or keys say it
     */
    long move(Bytes key, long cell, Position position, byte[] kept) {
        Optional<Place> known = release(key);
        long old = known.map(Place::cell).filter(place -> place >= 0).orElse(Places.NOWHERE);
        boolean isPlaceKept = !arePlacesTold && (cell != RowCheck.REJECTED || tally.isAfterReset());
        if (!isPlaceKept && kept.length == 0) {
            known.ifPresent(place -> places.forget(key));
        } else if (tally.isAfterReset() || known.isEmpty() || !isLike(known.get(), cell, kept)) {
            put(key, cell, position, kept);
        }
        return old == Places.NOWHERE ? RowCheck.REJECTED : old;
    }

    /** Holds a change back until its row comes; another one of the same row takes its place. */
    void hold(Bytes key, Position position, byte[] change) {
        Optional<Place> unused = release(key);
        places.put(key, new Place(Places.HELD, position, change));
        tally.addHeld(1);
    }

    /** Holds a change no more. */
    void letGo(Bytes key) {
        places.forget(key);
        tally.addHeld(-1);
    }

    /** What is known of a row; a change that is held gives way to what is noted next. */
    private Optional<Place> release(Bytes key) {
        Optional<Place> known = places.of(key);
        if (known.isPresent() && known.get().isHeld()) {
            tally.addHeld(-1);
        }
        return known;
    }

    /** Most updates leave large values alone: these are not to be written again. */
    private boolean isLike(Place known, long cell, byte[] kept) {
        return known.cell() == place(cell) && Arrays.equals(known.kept(), kept);
    }

    private long place(long cell) {
        return arePlacesTold || cell == RowCheck.REJECTED ? Places.NOWHERE : cell;
    }

    private void put(Bytes key, long cell, Position position, byte[] kept) {
        places.put(key, new Place(place(cell), position, kept));
    }
}
