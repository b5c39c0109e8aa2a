package io.skyroll.sinks.memtable;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdCompressCtx;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.wire.AvroBuffer;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;

/**
 * Writes a run: blocks one after another, each compressed by itself. In a block, each row is its HEALPix-29 value, its position, its length
 * (that of a deletion's key inverted) and its bytes. Owned by one thread.
 */
final class RunWriter implements AutoCloseable {
    /** What stands before a row's bytes. */
    static final int HEAD_BYTES = Long.BYTES + Position.BYTES + Integer.BYTES;

    /** A block ends with the row that makes it this large; a merge holds a few blocks of each run in memory. */
    private static final int BLOCK_BYTES = 128 << 10;
    /** The file is read once: speed counts. */
    private static final int ZSTD_LEVEL = 1;

    private final OutputStream output;
    private final ZstdCompressCtx zstd = new ZstdCompressCtx().setLevel(ZSTD_LEVEL);
    private final CRC32C checksum = new CRC32C();
    private final AvroBuffer block = new AvroBuffer(BLOCK_BYTES * 2);
    private final ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES);
    private final Run.Builder blocks = new Run.Builder();
    private byte[] compressed = new byte[0];
    private long firstHealpix;

    RunWriter(OutputStream output) {
        this.output = output;
    }

    Run.Builder write(PendingCursor rows) throws IOException {
        while (rows.next()) {
            if (block.size() == 0) {
                firstHealpix = rows.healpix();
            }
            append(rows);
            if (block.size() >= BLOCK_BYTES) {
                endBlock();
            }
        }
        if (block.size() > 0) {
            endBlock();
        }
        return blocks;
    }

    @Override
    public void close() {
        zstd.close();
    }

    private void append(PendingCursor row) {
        int length = row.end() - row.start();
        Position position = row.position();
        head.clear()
                .putLong(row.healpix())
                .putInt(position.epoch())
                .putLong(position.lsn())
                .putLong(position.sequence())
                .putInt(row.isDelete() ? ~length : length);
        block.write(head.array(), 0, HEAD_BYTES);
        block.write(row.bytes(), row.start(), length);
    }

    private void endBlock() throws IOException {
        int bound = Math.toIntExact(Zstd.compressBound(block.size()));
        if (compressed.length < bound) {
            compressed = new byte[bound];
        }
        int length = zstd.compressByteArray(compressed, 0, compressed.length, block.bytes(), 0, block.size());
        checksum.reset();
        checksum.update(compressed, 0, length);
        output.write(compressed, 0, length);
        blocks.add(firstHealpix, length, (int) checksum.getValue());
        block.clear();
    }
}
