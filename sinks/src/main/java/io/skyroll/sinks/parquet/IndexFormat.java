package io.skyroll.sinks.parquet;

import com.github.luben.zstd.ZstdDecompressCtx;
import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.leaf.LeafFile;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.StoreInput;
import io.skyroll.sinks.storage.StoreOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.function.Consumer;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReaderImpl;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.io.api.PrimitiveConverter;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Types;

/**
 * The files of an index catalog: which pixels the rows with a value of one column are in. Values come from leaves and go into the index
 * as keys, bytes whose unsigned order is that of the values. Immutable, thread-safe.
 */
public final class IndexFormat {
    /** Names of the columns that hold the pixel. A column of one of these names cannot be indexed. */
    public static final List<String> PIXEL_COLUMNS = List.of("Norder", "Npix");

    private static final int ORDER_BITS = 8;

    private final Column column;
    private final ColumnDescriptor inLeaf;
    private final int place;
    private final SortKeys keys;
    private final FileMetaData leaf;
    private final FileMetaData empty;

    /** @param name of a column of the rows that is not one of {@link #PIXEL_COLUMNS} */
    public IndexFormat(RowSchema rows, String name) {
        MessageType leafSchema = LeafSchema.of(rows);
        // The HEALPix column comes first.
        this.place = rows.indexOf(name) + 1;
        this.column = rows.columns().get(place - 1);
        this.inLeaf = leafSchema.getColumns().get(place);
        this.keys = SortKeys.of(inLeaf.getPrimitiveType());
        this.leaf = LeafFooter.describe(leafSchema, List.of());
        MessageType schema = new MessageType(
                "schema",
                LeafSchema.field(name, column.type()),
                Types.optional(PrimitiveTypeName.INT32)
                        .as(LogicalTypeAnnotation.intType(ORDER_BITS, false))
                        .named(PIXEL_COLUMNS.get(0)),
                Types.optional(PrimitiveTypeName.INT64)
                        .as(LogicalTypeAnnotation.intType(Long.SIZE, false))
                        .named(PIXEL_COLUMNS.get(1)));
        this.empty = LeafFooter.describe(schema, List.of());
    }

    /**
     * Reads the column of a leaf: nothing else of the file, and one row group at a time.
     *
     * @param file path of the leaf in the store
     * @param action takes the key of every value, in the order of the rows; nulls are passed over
     */
    public void readKeys(Store store, String file, Consumer<byte[]> action) throws IOException {
        try (StoreInput input = store.open(file);
                ZstdDecompressCtx zstd = new ZstdDecompressCtx()) {
            for (RowGroup group : LeafFooter.read(input, leaf, store.uri(file)).getRow_groups()) {
                ColumnReader values =
                        values(input, group.getColumns().get(place).getMeta_data(), zstd);
                for (long row = 0; row < group.getNum_rows(); row++) {
                    if (values.getCurrentDefinitionLevel() > 0) {
                        action.accept(keys.key(values));
                    }
                    values.consume();
                }
            }
        }
    }

    /** The content of the index's {@code dataset/_common_metadata}. */
    public byte[] commonMetadata() {
        return ParquetLeaves.file(empty);
    }

    /** Writes the index's {@code dataset/_metadata}. Does not close the stream. */
    public void writeMetadata(Store store, List<DatasetFile> parts, OutputStream output) throws IOException {
        DatasetMetadata.write(empty, store, parts, output);
    }

    /** Starts a part of the index. */
    public Part create(StoreOutput output) throws IOException {
        List<PlainValues> values =
                List.of(PlainValues.of(column.type()), new IntegerValues(Integer.BYTES), new IntegerValues(Long.BYTES));
        return new Part(new TableWriter(empty, values, output), keys);
    }

    private ColumnReader values(StoreInput input, ColumnMetaData chunk, ZstdDecompressCtx zstd) throws IOException {
        long start = ChunkPages.start(chunk);
        byte[] bytes = new byte[Math.toIntExact(chunk.getTotal_compressed_size())];
        input.readFully(start, bytes, 0, bytes.length);
        ChunkPages pages = new ChunkPages(bytes, 0, inLeaf.getPrimitiveType(), chunk, zstd);
        return new ColumnReaderImpl(inLeaf, pages, new PrimitiveConverter() {}, null);
    }

    /** A file of the index that is being written. Owned by one thread. */
    public static final class Part implements AutoCloseable {
        /** Lookups read whole row groups whose values may be among those looked for. */
        private static final int GROUP_ROWS = 50_000;

        private final TableWriter table;
        private final SortKeys keys;

        private Part(TableWriter table, SortKeys keys) {
            this.table = table;
            this.keys = keys;
        }

        /** Adds an entry; entries come in the order of their keys. */
        public void add(byte[] key, Pixel pixel) throws IOException {
            table.set(0, keys.plain(key));
            table.set(1, PlainValues.littleEndian(pixel.order(), Integer.BYTES));
            table.set(2, PlainValues.littleEndian(pixel.npix(), Long.BYTES));
            table.endRow();
            if (table.groupRows() == GROUP_ROWS) {
                table.endGroup();
            }
        }

        /**
         * Commits the part.
         *
         * @param file its path in the store
         * @param name its path relative to the dataset's directory
         */
        public DatasetFile finish(String file, String name) throws IOException {
            LeafFile written = table.finish();
            return new DatasetFile(file, name, written.rows(), written.groups());
        }

        @Override
        public void close() throws IOException {
            table.close();
        }
    }
}
