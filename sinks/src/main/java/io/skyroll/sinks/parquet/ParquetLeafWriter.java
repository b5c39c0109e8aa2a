package io.skyroll.sinks.parquet;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowEvolution;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroCursor;
import io.skyroll.sinks.leaf.LeafFile;
import io.skyroll.sinks.leaf.LeafReader;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.leaf.RowCursor;
import io.skyroll.sinks.storage.StoreOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SchemaElement;
import org.apache.parquet.format.Type;
import org.apache.parquet.schema.MessageType;

/**
 * Writes one Parquet file. A row group is turned into columns in memory, then written column by column. Owned by one thread.
 * After an exception it can only be closed.
 */
final class ParquetLeafWriter implements LeafWriter {
    private final MessageType schema;
    private final FileMetaData metaData;
    private final boolean isSorted;
    private final HashedOutput output;
    private final PageOutput pages;
    private final ChunkCopy copy;
    private final boolean hasSky;
    private final PlaceColumn places;
    private final RowColumn[] columns;
    private final Dictionary dictionary = new Dictionary();
    private final AvroCursor row = new AvroCursor();
    private final List<RowGroup> groups = new ArrayList<>();
    private long lastHealpix = Long.MIN_VALUE;

    /** @param metaData what the footer says besides the row groups; becomes the writer's own */
    ParquetLeafWriter(
            RowSchema rows,
            MessageType schema,
            FileMetaData metaData,
            LeafForm form,
            StoreOutput output,
            int zstdLevel) {
        this.schema = schema;
        this.metaData = metaData;
        this.isSorted = form.isSorted();
        this.output = new HashedOutput(output);
        this.pages = new PageOutput(this.output, zstdLevel);
        this.copy = new ChunkCopy(this.output);
        this.hasSky = form.hasSky();
        this.places = hasSky ? new SkyColumn() : new KeyColumn(rows);
        Iterator<Type> types = metaData.getSchema().stream()
                .filter(SchemaElement::isSetType)
                .skip(hasSky ? 1 : 0)
                .map(SchemaElement::getType)
                .iterator();
        this.columns = rows.columns().stream()
                .map(column -> RowColumn.of(column, form, types))
                .toArray(RowColumn[]::new);
    }

    @Override
    public void encode(RowCursor rows) {
        beginGroup();
        int count = 0;
        for (; rows.next(); count++) {
            append(rows);
        }
        if (count == 0) {
            throw new IllegalArgumentException("a row group needs a row");
        }
        try {
            startFile();
            long start = pages.position();
            long uncompressedBefore = pages.uncompressedBytes();
            List<ColumnChunk> chunks = new ArrayList<>(schema.getPaths().size());
            places.write(pages, dictionary, chunks);
            for (RowColumn column : columns) {
                column.write(pages, dictionary, chunks);
            }
            groups.add(described(chunks, pages.uncompressedBytes() - uncompressedBefore, count, start));
        } catch (IOException failure) {
            throw cannotWrite(failure);
        }
    }

    private void append(RowCursor rows) {
        long cell = rows.healpix();
        follow(cell);
        lastHealpix = cell;
        places.append(rows);
        row.at(rows.bytes(), rows.start());
        for (RowColumn column : columns) {
            column.append(row);
        }
        if (row.position() != rows.end()) {
            throw SkyrollException.defect("a row has %d bytes, but its schema reads %d of them"
                    .formatted(rows.end() - rows.start(), row.position() - rows.start()));
        }
    }

    @Override
    public void copy(LeafReader source, int group) {
        ParquetLeafReader reader = ours(source);
        if (!reader.schema().equals(schema)) {
            throw new IllegalArgumentException("a group of another schema cannot be copied: expected %s, found %s"
                    .formatted(schema, reader.schema()));
        }
        beginGroup();
        follow(reader.groups().get(group).firstHealpix());
        lastHealpix = reader.groups().get(group).lastHealpix();
        try {
            startFile();
            RowGroup copied = reader.group(group).deepCopy();
            long start = copied.getFile_offset();
            long shift = output.position() - start;
            copy.bytes(reader.input(), start, copied.getTotal_compressed_size());
            copied.setFile_offset(start + shift);
            copied.getColumns().forEach(chunk -> ChunkCopy.shift(chunk, shift));
            groups.add(copied);
        } catch (IOException failure) {
            throw cannotWrite(failure);
        }
    }

    /** Chunks of columns that stay are copied as bytes; where values are written in another way, or places are not in a chunk, the whole group is encoded anew. */
    @Override
    public void evolve(LeafReader source, int group, RowEvolution evolution) {
        if (!hasSky || !evolution.keepsTypes()) {
            LeafWriter.super.evolve(source, group, evolution);
            return;
        }
        ParquetLeafReader reader = ours(source);
        beginGroup();
        follow(reader.groups().get(group).firstHealpix());
        lastHealpix = reader.groups().get(group).lastHealpix();
        RowGroup former = reader.group(group);
        try {
            startFile();
            long start = output.position();
            List<ColumnChunk> chunks = new ArrayList<>(schema.getPaths().size());
            chunks.add(copy.chunk(reader.input(), former.getColumns().get(0), LeafSchema.HEALPIX_COLUMN));
            for (int column = 0; column < columns.length; column++) {
                evolve(reader, former, evolution, column, chunks);
            }
            long uncompressed = chunks.stream()
                    .mapToLong(chunk -> chunk.getMeta_data().getTotal_uncompressed_size())
                    .sum();
            groups.add(described(chunks, uncompressed, former.getNum_rows(), start));
        } catch (IOException failure) {
            throw cannotWrite(failure);
        }
    }

    private void evolve(
            ParquetLeafReader reader, RowGroup former, RowEvolution evolution, int column, List<ColumnChunk> chunks)
            throws IOException {
        Optional<String> formerName = evolution.formerName(column);
        if (formerName.isEmpty()) {
            byte[] value = evolution.added(column);
            for (long i = 0; i < former.getNum_rows(); i++) {
                columns[column].append(row.at(value, 0));
            }
            columns[column].write(pages, dictionary, chunks);
            return;
        }
        for (ColumnChunk chunk : former.getColumns()) {
            if (chunk.getMeta_data().getPath_in_schema().get(0).equals(formerName.get())) {
                chunks.add(copy.chunk(reader.input(), chunk, schema.getFieldName(column + 1)));
            }
        }
    }

    private RowGroup described(List<ColumnChunk> chunks, long uncompressedBytes, long rows, long start) {
        RowGroup group = new RowGroup(chunks, uncompressedBytes, rows)
                .setFile_offset(start)
                .setTotal_compressed_size(output.position() - start);
        places.describe(group);
        return group;
    }

    private static ParquetLeafReader ours(LeafReader source) {
        if (source instanceof ParquetLeafReader reader) {
            return reader;
        }
        throw new IllegalArgumentException(
                "only a leaf opened by this codec can be copied: %s".formatted(source.getClass()));
    }

    @Override
    public long bytes() {
        return output.position();
    }

    @Override
    public LeafFile finish() {
        long rows = groups.stream().mapToLong(RowGroup::getNum_rows).sum();
        try {
            startFile();
            output.write(LeafFooter.toBytes(metaData.setRow_groups(groups).setNum_rows(rows)));
            return new LeafFile(rows, output.position(), output.commit(), groups.size());
        } catch (IOException failure) {
            throw cannotWrite(failure);
        }
    }

    @Override
    public void close() {
        try (pages) {
            output.close();
        } catch (IOException failure) {
            throw cannotWrite(failure);
        }
    }

    private void beginGroup() {
        if (!isSorted) {
            lastHealpix = Long.MIN_VALUE;
        }
    }

    private void follow(long cell) {
        if (cell < lastHealpix) {
            throw SkyrollException.defect(
                    "rows are not in leaf order: HEALPix cell %d follows %d".formatted(cell, lastHealpix));
        }
    }

    private void startFile() throws IOException {
        if (output.position() == 0) {
            output.write(LeafFooter.MAGIC);
        }
    }

    private static SkyrollException cannotWrite(IOException failure) {
        return SkyrollException.unavailable("cannot write a leaf file: %s".formatted(failure.getMessage()), failure);
    }
}
