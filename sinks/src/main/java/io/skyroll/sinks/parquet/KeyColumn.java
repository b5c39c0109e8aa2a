package io.skyroll.sinks.parquet;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.sky.KeyPlace;
import io.skyroll.sinks.leaf.LeafGroup;
import io.skyroll.sinks.leaf.RowCursor;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.KeyValue;
import org.apache.parquet.format.RowGroup;

/**
 * Places that follow from keys, and so are no column. The first and the last one of a row group stand in the metadata of its first
 * column: there they go with the group when it is copied, and readers pass over them.
 */
final class KeyColumn implements PlaceColumn {
    private static final String FIRST = "skyroll.first_place";
    private static final String LAST = "skyroll.last_place";

    private final String table;
    private final KeyPlace places;
    private long first = -1;
    private long last = -1;

    KeyColumn(RowSchema rows) {
        table = rows.name();
        places = new KeyPlace(rows);
    }

    /** Reads where a row group is. */
    static LeafGroup group(RowGroup group) {
        return new LeafGroup(group.getNum_rows(), read(group, FIRST), read(group, LAST));
    }

    private static long read(RowGroup group, String key) {
        List<KeyValue> noted = group.getColumns().get(0).getMeta_data().getKey_value_metadata();
        return (noted == null ? List.<KeyValue>of() : noted)
                .stream()
                        .filter(entry -> entry.getKey().equals(key))
                        .map(entry -> Long.parseLong(entry.getValue()))
                        .findFirst()
                        .orElseThrow(() -> SkyrollException.defect(
                                "a row group has no %s in the metadata of its first column".formatted(key)));
    }

    @Override
    public void append(RowCursor row) {
        long place = places.of(row.bytes(), row.start());
        if (place != row.healpix()) {
            // Later changes of the row would not find it.
            throw SkyrollException.configuration(
                    "%s: a row of the sky topic is at %d, and the hash of its key is %d: it was written while the table had a place on the sky; write the topic anew with 'skyroll replay --reset-streams'"
                            .formatted(table, row.healpix(), place));
        }
        first = first < 0 ? place : first;
        last = place;
    }

    @Override
    public void write(PageOutput pages, Dictionary dictionary, List<ColumnChunk> chunks) {
        // The keys say it.
    }

    @Override
    public void describe(RowGroup group) {
        group.getColumns()
                .get(0)
                .getMeta_data()
                .setKey_value_metadata(List.of(
                        new KeyValue(FIRST).setValue(Long.toString(first)),
                        new KeyValue(LAST).setValue(Long.toString(last))));
        first = -1;
    }
}
