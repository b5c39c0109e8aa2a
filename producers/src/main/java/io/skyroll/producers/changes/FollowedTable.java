package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.publish.ChangeProgress.TableChanges;
import io.skyroll.producers.publish.RowsTopic;
import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.ColumnOrigins;
import io.skyroll.schemas.row.Identity;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** A table whose changes are written: its topic, and what stands there since the last control record. Owned by one thread. */
final class FollowedTable {
    private RowsTopic topic;
    private Schema schema;
    private final StageMeter meter;
    private final long[] rows;
    private Position control;
    private boolean changed;
    private Map<Long, Long> storage;
    private Optional<String> stopped;
    private Optional<Position> snapshot = Optional.empty();
    private boolean isSnapshotOpen;
    private @Nullable SourceTable form;

    private FollowedTable(RowsTopic topic, Schema schema, StageMeter meter, TableChanges left) {
        this.topic = topic;
        this.schema = schema;
        this.meter = meter;
        control = left.control();
        storage = left.storage();
        stopped = left.stopped();
        rows = new long[topic.partitions()];
    }

    /**
     * A table as an earlier run left it.
     *
     * @param schema the Avro schema of its rows
     */
    static FollowedTable of(RowsTopic topic, Schema schema, StageMeter meter, TableChanges left) {
        FollowedTable table = new FollowedTable(topic, schema, meter, left);
        table.add(left.rows());
        return table;
    }

    /**
     * Makes sure that changes tell of old rows what they told when the table was followed last.
     *
     * @param rows the Avro schema of its rows then
     * @throws SkyrollException when they do not
     */
    static void requireIdentity(SourceTable table, Schema rows) {
        if (!Identity.of(rows).equals(table.identity())
                || ColumnOrigins.of(rows).isEmpty()) {
            throw SkyrollException.configuration(
                    "table %s: its replica identity was changed since its changes were followed last; start again with --resnapshot, which reads the tables anew"
                            .formatted(table.name().qualified()));
        }
    }

    /** The number of each column, by its name, as rows are written now. */
    Map<String, Integer> numbers() {
        Map<String, Integer> numbers = new HashMap<>();
        List<Integer> all = origins(schema);
        for (int column = 0; column < all.size(); column++) {
            numbers.put(topic.schema().columns().get(column).name(), all.get(column));
        }
        return numbers;
    }

    RowsTopic topic() {
        return topic;
    }

    /** The Avro schema of its rows as they are written now. */
    Schema rows() {
        return schema;
    }

    /** Whether rows of this form are written as they are. */
    boolean has(SourceTable other) {
        if (other.equals(form)) {
            return true;
        }
        boolean isSame = topic.schema().equals(other.rows()) && origins(schema).equals(origins(other.avro(Map.of())));
        if (isSame) {
            form = other;
        }
        return isSame;
    }

    private static List<Integer> origins(Schema rows) {
        return ColumnOrigins.of(rows).map(ColumnOrigins::numbers).orElse(List.of());
    }

    /** What the rows of its relations were stored as when rows got their present form. */
    Map<Long, Long> storage() {
        return storage;
    }

    /** Writes rows in another form from now on. */
    void become(SourceTable other, RowsTopic otherTopic, Schema otherSchema) {
        topic = otherTopic;
        schema = otherSchema;
        storage = other.storage();
        form = other;
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

    /** The table is being read anew, by a snapshot that was taken at a position. */
    void readAnew(Position at) {
        snapshot = Optional.of(at);
        isSnapshotOpen = true;
    }

    /** Whether rows of a snapshot are still to come, so that it cannot be cut. */
    boolean isSnapshotOpen() {
        return isSnapshotOpen;
    }

    /** The rows of the snapshot are there: the next cut ends it. */
    void endSnapshot(List<Long> written) {
        add(written);
        isSnapshotOpen = false;
    }

    /** Whether the snapshot of this run shows a transaction already. */
    boolean hasRead(long endLsn) {
        return snapshot.isPresent()
                && Long.compareUnsigned(endLsn, snapshot.get().lsn()) <= 0;
    }

    /** Why changes of the table are not written any more; empty while they are. */
    Optional<String> stopped() {
        return stopped;
    }

    /** Writes no change of the table from now on: it stays as it is until it is read anew. */
    void stop(String why) {
        stopped = Optional.of(why);
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
                Arrays.stream(rows).boxed().toList(),
                storage,
                stopped);
    }

    private void startAfter(Position position) {
        control = position;
        Arrays.fill(rows, 0);
    }
}
