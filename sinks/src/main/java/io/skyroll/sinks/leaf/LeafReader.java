package io.skyroll.sinks.leaf;

import java.util.List;

/** Reads one leaf file. */
public interface LeafReader extends AutoCloseable {

    /** The row groups in file order, which is leaf order. */
    List<LeafGroup> groups();

    /** Decodes the rows of a group back to the Avro binary they were written from. */
    RowCursor rows(int group);

    @Override
    void close();
}
