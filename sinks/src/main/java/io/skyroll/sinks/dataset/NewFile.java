package io.skyroll.sinks.dataset;

import io.skyroll.schemas.row.RowEvolution;
import io.skyroll.sinks.leaf.EvolvedRows;
import io.skyroll.sinks.leaf.LeafFile;
import io.skyroll.sinks.leaf.LeafMeter;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowBuffer;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.leaf.WatchedRows;
import java.time.Instant;

/** A file of a dataset that is being written. Owned by one thread. */
final class NewFile implements AutoCloseable {
    private final Folder folder;
    private final String path;
    private final Instant begun;
    private final LeafWriter writer;
    private final LeafMeter meter;
    private long rows;
    private long rawBytes;

    /** @param writer closed with this */
    NewFile(Folder folder, String path, Instant begun, LeafWriter writer, LeafMeter meter) {
        this.folder = folder;
        this.path = path;
        this.begun = begun;
        this.writer = writer;
        this.meter = meter;
    }

    /**
     * Takes over what stays of a published file's first row groups.
     *
     * @param stayingRows how many rows that are, from 1
     * @param stayingBytes their size as Avro
     */
    void copy(PublishedFile from, LeafReader reader, int groups, long stayingRows, long stayingBytes) {
        from.copyTo(writer, reader, groups);
        rows += stayingRows;
        rawBytes += stayingBytes;
    }

    /** Writes rows as a row group. */
    void encode(RowBuffer group) {
        writer.encode(group.rows());
        rows += group.size();
        rawBytes += group.bytes();
    }

    /** Takes over all rows of a published file in a later form, row group by row group. */
    void evolve(LeafReader reader, RowEvolution evolution) {
        for (int group = 0; group < reader.groups().size(); group++) {
            RowCursor evolved = new EvolvedRows(reader.rows(group), evolution);
            writer.encode(new WatchedRows(evolved, row -> rawBytes += row.end() - row.start()));
            rows += reader.groups().get(group).rows();
        }
    }

    long rows() {
        return rows;
    }

    /** Whether a row group of some size as Avro may be added. */
    boolean hasRoom(FileRule rule, long groupBytes) {
        return rule.hasRoom(writer.bytes(), rawBytes, groupBytes);
    }

    FolderFile finish() {
        LeafFile written = writer.finish();
        meter.written(written.bytes());
        return FolderFile.of(folder, begun, written, rawBytes, path);
    }

    @Override
    public void close() {
        writer.close();
    }
}
