package io.skyroll.sinks.parquet;

import io.skyroll.sinks.leaf.LeafGroup;
import io.skyroll.sinks.leaf.RowCursor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import org.apache.parquet.format.ColumnChunk;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.SortingColumn;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.format.Type;

/** Places on the sky: a column of HEALPix cells. */
final class SkyColumn implements PlaceColumn {
    private final IntegerValues cells = new IntegerValues(Long.BYTES);
    private final RowLevels levels = new RowLevels(false);
    private final ChunkEncoder chunk = new ChunkEncoder(List.of(LeafSchema.HEALPIX_COLUMN), Type.INT64, levels, cells);

    /** Reads where a row group is. */
    static LeafGroup group(RowGroup group) {
        Statistics cells = group.getColumns().get(0).getMeta_data().getStatistics();
        return new LeafGroup(group.getNum_rows(), toLong(cells.getMin_value()), toLong(cells.getMax_value()));
    }

    private static long toLong(byte[] plain) {
        return ByteBuffer.wrap(plain).order(ByteOrder.LITTLE_ENDIAN).getLong();
    }

    @Override
    public void append(RowCursor row) {
        cells.add(row.healpix());
        levels.add(true);
    }

    @Override
    public void write(PageOutput pages, Dictionary dictionary, List<ColumnChunk> chunks) throws IOException {
        chunks.add(chunk.write(pages, dictionary));
    }

    @Override
    public void describe(RowGroup group) {
        group.setSorting_columns(List.of(new SortingColumn(0, false, false)));
    }
}
