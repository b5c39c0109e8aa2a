package io.skyroll.sinks.parquet;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.StoreInput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.AbstractList;
import java.util.Iterator;
import java.util.List;
import java.util.stream.Stream;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;

/**
 * The content of a dataset's {@code _metadata}: a Parquet file without rows whose footer has the row groups of all the dataset's files. It is
 * written while the files' footers are read, so that memory holds those of one file only.
 */
final class DatasetMetadata {
    /** What Thrift makes of a column chunk with a smallest and a largest value, besides names. */
    private static final int CHUNK_BYTES = 85;

    private static final int GROUP_BYTES = 32;

    private DatasetMetadata() {}

    /** About how large the file will be, in bytes: most often less, and by not more than a quarter more. */
    static long estimateBytes(FileMetaData empty, List<DatasetFile> files) {
        List<SchemaElement> columns = columns(empty);
        long names =
                columns.stream().mapToLong(column -> size(column.getName())).sum();
        return files.stream()
                .mapToLong(file -> file.groups()
                        * (GROUP_BYTES + names + (long) columns.size() * (CHUNK_BYTES + size(file.name()))))
                .sum();
    }

    /**
     * Writes the file. Does not close the stream.
     *
     * @param empty the metadata of a file of the dataset, without rows
     * @param files in the order in which readers are to meet them
     */
    static void write(FileMetaData empty, Store store, List<DatasetFile> files, OutputStream output)
            throws IOException {
        FileMetaData all = empty.deepCopy()
                .setRow_groups(new GroupsInTurn(empty, store, files))
                .setNum_rows(files.stream().mapToLong(DatasetFile::rows).sum());
        output.write(LeafFooter.MAGIC);
        try {
            LeafFooter.write(all, output);
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private static List<SchemaElement> columns(FileMetaData metaData) {
        // The root of the schema comes first.
        return metaData.getSchema().subList(1, metaData.getSchemaSize());
    }

    private static int size(String text) {
        return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** The row groups of all files, each read when it is its turn. */
    private static final class GroupsInTurn extends AbstractList<RowGroup> {
        private final FileMetaData empty;
        private final Store store;
        private final List<DatasetFile> files;

        GroupsInTurn(FileMetaData empty, Store store, List<DatasetFile> files) {
            this.empty = empty;
            this.store = store;
            this.files = files;
        }

        @Override
        public int size() {
            return files.stream().mapToInt(DatasetFile::groups).reduce(0, Math::addExact);
        }

        @Override
        public RowGroup get(int index) {
            throw new UnsupportedOperationException("row groups are only read in turn");
        }

        @Override
        public Iterator<RowGroup> iterator() {
            return files.stream().flatMap(this::groups).iterator();
        }

        private Stream<RowGroup> groups(DatasetFile file) {
            List<RowGroup> groups;
            try (StoreInput input = store.open(file.file())) {
                groups = LeafFooter.read(input, empty, store.uri(file.file())).getRow_groups();
            } catch (IOException failure) {
                throw new UncheckedIOException(failure);
            }
            long rows = groups.stream().mapToLong(RowGroup::getNum_rows).sum();
            if (groups.size() != file.groups() || rows != file.rows()) {
                throw SkyrollException.defect("%s has %d rows in %d row groups, its manifest says %d in %d"
                        .formatted(store.uri(file.file()), rows, groups.size(), file.rows(), file.groups()));
            }
            for (RowGroup group : groups) {
                for (ColumnChunk chunk : group.getColumns()) {
                    chunk.setFile_path(file.name());
                }
            }
            return groups.stream();
        }
    }
}
