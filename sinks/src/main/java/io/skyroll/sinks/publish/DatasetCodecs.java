package io.skyroll.sinks.publish;

import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.leaf.LeafCodec;
import java.util.Map;

/** Gives codecs for the files of datasets. Thread-safe. */
@FunctionalInterface
public interface DatasetCodecs {

    /**
     * The codec for files without some columns.
     *
     * @param constants what all rows have in the columns that are left out: Avro binary, with the branch of a nullable column, by the
     *     column's name
     */
    LeafCodec codec(RowSchema rows, Map<String, byte[]> constants);
}
