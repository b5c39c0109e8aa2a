package io.skyroll.sinks.intake;

import io.skyroll.schemas.position.Position;
import io.skyroll.sinks.memtable.Segment;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * All that a partition received up to an aligned cut and has not published.
 *
 * @param cut the cut
 * @param cutTime when the source was in the cut's state
 * @param reset the newest reset up to the cut that is not published yet: rows published before are void
 * @param segments the rows
 * @param rowsIn rows read from the source, of all partitions, since the published cut (or since the reset)
 * @param rejects rows rejected, of all partitions, since then, by rule
 * @param schemaId the registry's id of the row schema at the cut
 * @param system the source system
 * @param restartOffset the offset of the earliest record, row or control, that belongs after the cut
 */
public record Frozen(
        Position cut,
        Instant cutTime,
        Optional<Position> reset,
        List<Segment> segments,
        long rowsIn,
        Map<String, Long> rejects,
        int schemaId,
        String system,
        long restartOffset) {
    public Frozen {
        segments = List.copyOf(segments);
        rejects = Map.copyOf(rejects);
    }
}
