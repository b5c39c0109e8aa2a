package io.skyroll.sinks.parquet;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.leaf.LeafCodec;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.StoreInput;
import io.skyroll.sinks.storage.StoreOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.schema.LogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/**
 * Leaf files as Parquet: the column {@code _healpix_29}, then the row's columns under their names in the source, all optional,
 * compressed with zstd, with statistics and {@code sorting_columns} per row group.
 *
 * <p>The file's bytes are a function of the row schema, the zstd level (and the zstd library's version) and the rows of each
 * group: no clock, no release number, no key-value metadata, no page indexes. A copied group equals an encoded one if both have
 * the same level. Page indexes are left out because they stand in front of the footer, far from their group: a copy would have
 * to gather them chunk by chunk, and DuckDB and Arrow do not need them.
 *
 * <p>What comes back from a leaf is what went in, byte by byte, given canonical Avro: shortest varints, the null branch first in
 * a union, decimals in the fewest bytes of two's complement. Skyroll's producers write no other. A decimal with more digits than
 * its column's precision is a defect; beyond 18 digits only its size in bytes is checked.
 *
 * <p>Floating-point columns whose row group holds a NaN carry no smallest and largest value there: readers disagree on whether a
 * NaN exceeds a bound, and must look.
 *
 * <p>Immutable, thread-safe.
 */
public final class ParquetLeaves implements LeafCodec {
    /** Level 1 was no faster on a detection catalogue, and its files were larger. */
    public static final int DEFAULT_ZSTD_LEVEL = 3;

    private static final int MAX_ZSTD_LEVEL = 22;

    private final RowSchema rows;
    private final MessageType schema;
    private final FileMetaData empty;
    private final int zstdLevel;
    private final LeafForm form;

    public ParquetLeaves(RowSchema rows) {
        this(rows, DEFAULT_ZSTD_LEVEL);
    }

    /**
     * @param zstdLevel from 1 to 22; part of what the files' bytes depend on
     * @throws SkyrollException if a column has the name of the spatial key
     */
    public ParquetLeaves(RowSchema rows, int zstdLevel) {
        this(rows, zstdLevel, LeafForm.LEAF);
    }

    private ParquetLeaves(RowSchema rows, int zstdLevel, LeafForm form) {
        if (zstdLevel < 1 || zstdLevel > MAX_ZSTD_LEVEL) {
            throw new IllegalArgumentException("zstdLevel must be in [1, %d]: %d".formatted(MAX_ZSTD_LEVEL, zstdLevel));
        }
        this.rows = rows;
        this.schema = LeafSchema.of(rows, form.constants().keySet(), form.hasSky());
        this.empty = LeafFooter.describe(schema, List.of());
        this.zstdLevel = zstdLevel;
        this.form = form;
    }

    /**
     * Files of a dataset: only the rows of a row group are in leaf order, and some columns are left out.
     *
     * @param constants what all rows have in the columns that are left out: Avro binary, with the branch of a nullable column, by the
     *     column's name. A row with something else is a defect
     * @param hasSky whether rows have places on the sky, in their column; else their place is a {@link
     *     io.skyroll.schemas.sky.KeyPlace}, which is not in the files, but for the first and last one of each row group
     */
    public static ParquetLeaves ofDataset(RowSchema rows, Map<String, byte[]> constants, boolean hasSky) {
        return new ParquetLeaves(rows, DEFAULT_ZSTD_LEVEL, LeafForm.ofDataset(hasSky, constants));
    }

    /** The Parquet schema of the leaves. */
    public MessageType schema() {
        return schema;
    }

    /** How each of the row's columns is stored, in the words of Parquet's schema language, without its name. */
    public List<String> columnTypes() {
        return schema.getFields().subList(1, schema.getFieldCount()).stream()
                .map(ParquetLeaves::typeText)
                .toList();
    }

    private static String typeText(Type field) {
        String physical = field.isPrimitive()
                ? field.asPrimitiveType().getPrimitiveTypeName().name().toLowerCase(Locale.ROOT)
                : "group";
        LogicalTypeAnnotation logical = field.getLogicalTypeAnnotation();
        return logical == null ? physical : "%s (%s)".formatted(physical, logical);
    }

    /** A Parquet file without rows that has the leaves' schema: the content of {@code dataset/_common_metadata}. */
    public byte[] commonMetadata() {
        return file(empty);
    }

    /**
     * A Parquet file without rows that has the schema of a dataset's files.
     *
     * @param leftOut names of the columns that are not in these
     * @param hasSky as for {@link #ofDataset}
     */
    public static byte[] commonMetadata(RowSchema rows, Set<String> leftOut, boolean hasSky) {
        return file(LeafFooter.describe(LeafSchema.of(rows, leftOut, hasSky), List.of()));
    }

    /** The bytes of a file without rows. */
    static byte[] file(FileMetaData metaData) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(LeafFooter.MAGIC);
        try {
            file.writeBytes(LeafFooter.toBytes(metaData));
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return file.toByteArray();
    }

    /**
     * Writes {@code dataset/_metadata}: a Parquet file without rows that has the row groups of all leaves. Does not close the stream.
     *
     * @param leaves in the order of the sky
     */
    public void writeMetadata(Store store, List<DatasetFile> leaves, OutputStream output) throws IOException {
        DatasetMetadata.write(empty, store, leaves, output);
    }

    /** About how large {@link #writeMetadata} makes the file, in bytes. */
    public long estimateMetadataBytes(List<DatasetFile> leaves) {
        return DatasetMetadata.estimateBytes(empty, leaves);
    }

    @Override
    public LeafWriter create(StoreOutput output) {
        return new ParquetLeafWriter(rows, schema, empty.deepCopy(), form, output, zstdLevel);
    }

    /** @throws SkyrollException if it is no Parquet file, or one with another schema */
    @Override
    public LeafReader open(StoreInput input) {
        return ParquetLeafReader.open(rows, schema, empty, form, input);
    }
}
