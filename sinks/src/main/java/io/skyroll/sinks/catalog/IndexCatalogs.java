package io.skyroll.sinks.catalog;

import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.hats.IndexProperties;
import io.skyroll.sinks.parquet.DatasetFile;
import io.skyroll.sinks.parquet.IndexFormat;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Writes the index catalogs of a version, directories beside the version's own: from a value of a column to the pixels with rows that have
 * it. Every version gets its own, read from all leaves, since a leaf that is divided or merged changes what is found where. Equal leaves
 * give equal files, so several processes may write them at once; one that is complete is not written again.
 */
public final class IndexCatalogs {
    private static final long SORT_BYTES = 64 << 20;

    /** An entry is the key of a value, then the pixel's order in a byte and its number. */
    private static final int PIXEL_BYTES = 1 + Long.BYTES;

    private final Store store;
    private final List<String> columns;
    private final Path scratch;

    /**
     * @param columns that indexes are made for
     * @param scratch a local directory for what is too large for memory
     */
    public IndexCatalogs(Store store, List<String> columns, Path scratch) {
        this.store = store;
        this.columns = List.copyOf(columns);
        this.scratch = scratch;
    }

    /**
     * Finds out whether rows can be indexed by columns.
     *
     * @throws SkyrollException when a column is missing, or holds more than one value a row
     */
    public static void check(RowSchema schema, List<String> columns) {
        List<String> indexable = schema.columns().stream()
                .filter(column -> !column.type().isNested())
                .map(Column::name)
                .toList();
        for (String column : columns) {
            if (!indexable.contains(column)) {
                throw SkyrollException.configuration(
                        "catalog.indexes names %s, by which %s cannot be indexed; columns of single values are %s"
                                .formatted(column, schema.name(), String.join(", ", indexable)));
            }
        }
    }

    /**
     * Writes an index for every column.
     *
     * @param catalog the catalog's name
     * @param directory the version's, relative to the collection
     * @param schema of the rows
     * @param leaves of the version
     * @param builder the program, as {@code skyroll v1.2.3}
     * @param created when the version was made
     */
    public void write(
            String catalog,
            String directory,
            RowSchema schema,
            List<CatalogLeaf> leaves,
            String builder,
            Instant created)
            throws IOException {
        check(schema, columns);
        for (String column : columns) {
            String index = directory(directory, column);
            if (isComplete(index)) {
                continue;
            }
            IndexFormat format = new IndexFormat(schema, column);
            List<DatasetFile> parts = writeParts(index, format, leaves);
            store.replace(index + "/" + CatalogLayout.COMMON_METADATA, format.commonMetadata());
            StoredFile.write(
                    store, index + "/" + CatalogLayout.METADATA, output -> format.writeMetadata(store, parts, output));
            byte[] properties = new IndexProperties(
                            catalog + "_index_" + column,
                            column,
                            directory,
                            parts.stream().mapToLong(DatasetFile::rows).sum(),
                            parts.size(),
                            builder,
                            created)
                    .toBytes();
            store.replace(index + "/" + CatalogLayout.PROPERTIES, properties);
            store.replace(index + "/" + CatalogLayout.HATS_PROPERTIES, properties);
        }
    }

    /** The directories of a version's indexes, by column, in the order of the configuration. */
    public Map<String, String> directories(String directory) {
        Map<String, String> directories = new LinkedHashMap<>();
        columns.forEach(column -> directories.put(column, directory(directory, column)));
        return directories;
    }

    private static String directory(String directory, String column) {
        return directory + "_index_" + column;
    }

    /** Properties come last; but whoever removed the directory and died meanwhile may have left them. */
    private boolean isComplete(String index) throws IOException {
        Optional<byte[]> properties = store.read(index + "/" + CatalogLayout.HATS_PROPERTIES);
        if (properties.isEmpty()) {
            return false;
        }
        long parts = IndexProperties.parse(properties.get()).parts();
        List<String> files = store.list(index + "/" + CatalogLayout.INDEX_PARTS).stream()
                .map(Store.Entry::name)
                .toList();
        List<String> dataset = store.list(index + "/" + CatalogLayout.DATASET).stream()
                .map(Store.Entry::name)
                .toList();
        return files.size() == parts && dataset.containsAll(List.of("_metadata", "_common_metadata"));
    }

    private List<DatasetFile> writeParts(String index, IndexFormat format, List<CatalogLeaf> leaves)
            throws IOException {
        try (EntrySort sort = new EntrySort(scratch, SORT_BYTES);
                IndexParts parts = new IndexParts(store, index, format)) {
            for (CatalogLeaf leaf : leaves) {
                byte[] pixel = bytes(leaf.pixel());
                format.readKeys(store, leaf.file(), key -> add(sort, key, pixel));
            }
            sort.forEach(entry -> {
                int end = entry.length - PIXEL_BYTES;
                parts.add(Arrays.copyOf(entry, end), pixel(entry, end));
            });
            return parts.finish();
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    private static void add(EntrySort sort, byte[] key, byte[] pixel) {
        byte[] entry = Arrays.copyOf(key, key.length + PIXEL_BYTES);
        System.arraycopy(pixel, 0, entry, key.length, PIXEL_BYTES);
        try {
            sort.add(entry);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static byte[] bytes(Pixel pixel) {
        return ByteBuffer.allocate(PIXEL_BYTES)
                .put((byte) pixel.order())
                .putLong(pixel.npix())
                .array();
    }

    private static Pixel pixel(byte[] entry, int start) {
        return new Pixel(entry[start], ByteBuffer.wrap(entry).getLong(start + 1));
    }
}
