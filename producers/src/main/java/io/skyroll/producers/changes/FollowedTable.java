package io.skyroll.producers.changes;

import io.skyroll.producers.publish.ChangeProgress.TableChanges;
import io.skyroll.producers.publish.RowsTopic;
import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.position.Position;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** A table whose changes are written: its topic, and what stands there since the last control record. Owned by one thread. */
final class FollowedTable {
    private final RowsTopic topic;
    private final StageMeter meter;
    private final long[] rows;
    private Position control;
    private boolean changed;

    private FollowedTable(RowsTopic topic, StageMeter meter, Position control) {
        this.topic = topic;
        this.meter = meter;
        this.control = control;
        rows = new long[topic.partitions()];
    }

    /**
     * A table as an earlier run left it.
     *
     * @throws SkyrollException when its rows had another form then
     */
    static FollowedTable of(RowsTopic topic, StageMeter meter, TableChanges left) {
        if (topic.rowId() != left.schemaId()) {
            throw SkyrollException.configuration(
                    "table %s: its columns, their types or its replica identity were changed since its changes were followed last; start again with --resnapshot, which reads the tables anew"
                            .formatted(topic.name().qualified()));
        }
        FollowedTable table = new FollowedTable(topic, meter, left.control());
        table.add(left.rows());
        return table;
    }

    RowsTopic topic() {
        return topic;
    }

    StageMeter meter() {
        return meter;
    }

    /** Whether anything was written since the last control record that no cut covers. */
    boolean isChanged() {
        return changed;
    }

    /** Position of the last control record. */
    Position control() {
        return control;
    }

    void count(int partition) {
        rows[partition]++;
        changed = true;
    }

    /** Adds rows that others have written, one number per partition. */
    void add(List<Long> written) {
        for (int partition = 0; partition < rows.length; partition++) {
            rows[partition] += written.get(partition);
            changed |= written.get(partition) > 0;
        }
    }

    /** The records of a cut, one per partition; from now on its successor's rows are counted. */
    List<Control> cut(Position position, String system, Instant time) {
        List<Control> cuts = Arrays.stream(rows)
                .mapToObj(count -> Control.cut(position, Optional.of(control), count, topic.rowId(), system, time))
                .toList();
        startAfter(position);
        changed = false;
        return cuts;
    }

    /** The record that makes everything before it void; a cut must follow. */
    Control reset(Position position, String system, Instant time) {
        startAfter(position);
        changed = true;
        return Control.reset(position, topic.rowId(), system, time);
    }

    TableChanges progress() {
        return new TableChanges(
                topic.name(),
                topic.rowId(),
                control,
                Arrays.stream(rows).boxed().toList());
    }

    private void startAfter(Position position) {
        control = position;
        Arrays.fill(rows, 0);
    }
}
