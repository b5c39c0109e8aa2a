package io.skyroll.sinks.dataset;

import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowBuffer;
import java.time.Instant;

/** A file of a dataset that is being written. Owned by one thread. */
final class NewFile implements AutoCloseable {
    private final Folder folder;
    private final String path;
    private final Instant begun;
    private final LeafWriter writer;
    private long rows;
    private long rawBytes;

    /** @param writer closed with this */
    NewFile(Folder folder, String path, Instant begun, LeafWriter writer) {
        this.folder = folder;
        this.path = path;
        this.begun = begun;
        this.writer = writer;
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

    long rows() {
        return rows;
    }

    /** Whether a row group of some size as Avro may be added. */
    boolean hasRoom(FileRule rule, long groupBytes) {
        return rule.hasRoom(writer.bytes(), rawBytes, groupBytes);
    }

    FolderFile finish() {
        return FolderFile.of(folder, begun, writer.finish(), rawBytes, path);
    }

    @Override
    public void close() {
        writer.close();
    }
}
