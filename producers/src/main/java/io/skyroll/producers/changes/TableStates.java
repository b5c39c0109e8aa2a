package io.skyroll.producers.changes;

import io.skyroll.producers.publish.ChangeProgress.TableChanges;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.TableName;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** How far tables are, for others to see. Written by one thread, read by any. */
final class TableStates {
    private volatile Map<TableName, Position> cuts = Map.of();
    private volatile Map<TableName, String> stopped = Map.of();

    Map<TableName, Position> cuts() {
        return cuts;
    }

    Map<TableName, String> stopped() {
        return stopped;
    }

    /** @param left tables that are not followed since an earlier run */
    void show(List<TableChanges> left, List<FollowedTable> followed) {
        Map<TableName, Position> newest = new LinkedHashMap<>();
        Map<TableName, String> notFollowed = new LinkedHashMap<>();
        for (TableChanges table : left) {
            newest.put(table.table(), table.control());
            notFollowed.put(table.table(), table.stopped().orElseThrow());
        }
        for (FollowedTable table : followed) {
            TableName name = table.topic().name();
            if (!table.isSnapshotOpen()) {
                newest.put(name, table.control());
            }
            table.stopped().ifPresent(why -> notFollowed.put(name, why));
        }
        if (!newest.equals(cuts)) {
            cuts = Map.copyOf(newest);
        }
        if (!notFollowed.equals(stopped)) {
            stopped = Map.copyOf(notFollowed);
        }
    }
}
