package io.skyroll.producers.publish;

import io.skyroll.schemas.position.Position;
import java.time.Instant;

/**
 * What all tables of one run of the snapshot producer share.
 *
 * @param position the place in the source's history at which all tables are read
 * @param system the source's system identifier
 * @param workers how many workers read
 * @param time when the source was in that state
 */
public record SnapshotRun(Position position, String system, int workers, Instant time) {}
