package io.skyroll.sinks.published;

import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.Collection;
import java.util.List;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.conf.ParquetConfiguration;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * A Parquet file of any writer, read by parquet-java one row group at a time. A damaged file makes its methods and those of
 * {@link TableRows} throw any {@link RuntimeException}, as the library does. Owned by one thread.
 */
public final class TableFile implements AutoCloseable {
    /** Without Hadoop's own settings, which are many files of XML. */
    private static final ParquetConfiguration NO_SETTINGS = new PlainParquetConfiguration();

    private final ParquetFileReader reader;

    private TableFile(ParquetFileReader reader) {
        this.reader = reader;
    }

    /** Opens a file and reads its footer. */
    public static TableFile open(Store store, String path) throws IOException {
        return new TableFile(ParquetFileReader.open(
                new StoredTable(store, path),
                ParquetReadOptions.builder(NO_SETTINGS).build()));
    }

    /** What stands at the file's end. */
    public ParquetMetadata footer() {
        return reader.getFooter();
    }

    public MessageType schema() {
        return footer().getFileMetaData().getSchema();
    }

    /** The columns in the words of Parquet's schema language. */
    public List<String> columns() {
        return schema().getFields().stream().map(TableFile::text).toList();
    }

    /** A column in those words, on one line, without how its bounds are compared. */
    public static String text(Type column) {
        return column.toString()
                .replaceAll(" ?columnorder\\(\\w+\\)", "")
                .replaceAll("\\s+", " ")
                .strip();
    }

    public List<BlockMetaData> groups() {
        return footer().getBlocks();
    }

    public int groupCount() {
        return groups().size();
    }

    /** Rows in all row groups. */
    public long rows() {
        return groups().stream().mapToLong(BlockMetaData::getRowCount).sum();
    }

    /** Reads all columns of a row group. */
    public TableRows rows(int group) throws IOException {
        return rows(group, schema());
    }

    /**
     * Reads some columns of a row group, and nothing else of it.
     *
     * @param columns names at the top of the schema; the rows have them in this order
     */
    public TableRows rows(int group, Collection<String> columns) throws IOException {
        List<Type> fields = columns.stream().map(schema()::getType).toList();
        return rows(group, new MessageType(schema().getName(), fields));
    }

    private TableRows rows(int group, MessageType wanted) throws IOException {
        reader.setRequestedSchema(wanted);
        return new TableRows(reader.readRowGroup(group), wanted);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
