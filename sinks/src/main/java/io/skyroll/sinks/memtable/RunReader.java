package io.skyroll.sinks.memtable;

import com.github.luben.zstd.Zstd;
import com.github.luben.zstd.ZstdDecompressCtx;
import com.github.luben.zstd.ZstdException;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** Reads a run, by any number of cursors at once. Owned by one thread. */
final class RunReader implements AutoCloseable {
    private static final int NO_BLOCK = -1;

    private final Run run;
    private final FileChannel file;
    private final ZstdDecompressCtx zstd = new ZstdDecompressCtx();
    private byte[] compressed = new byte[0];
    /** The block that was read last: ranges are asked for in the order of the sky, many within one block. */
    private int block = NO_BLOCK;

    private ByteBuffer content = ByteBuffer.allocate(0);

    RunReader(Run run) {
        this.run = run;
        try {
            this.file = FileChannel.open(run.file(), StandardOpenOption.READ);
        } catch (IOException failure) {
            throw cannotRead(failure);
        }
    }

    /** Rows and deletions from one HEALPix-29 value on up to another (exclusive). */
    PendingCursor in(long first, long afterLast) {
        return new Range(first, afterLast);
    }

    @Override
    public void close() {
        zstd.close();
        try {
            file.close();
        } catch (IOException failure) {
            throw cannotRead(failure);
        }
    }

    /** A block's rows; what was given stays as it is when another block is read. */
    private ByteBuffer block(int index) {
        if (index != block) {
            content = ByteBuffer.wrap(read(index));
            block = index;
        }
        return content.duplicate();
    }

    private byte[] read(int index) {
        int length = run.length(index);
        if (compressed.length < length) {
            compressed = new byte[length];
        }
        try {
            readFully(ByteBuffer.wrap(compressed, 0, length), run.offset(index));
        } catch (IOException failure) {
            throw cannotRead(failure);
        }
        CRC32C checksum = new CRC32C();
        checksum.update(compressed, 0, length);
        if ((int) checksum.getValue() != run.checksum(index)) {
            throw damaged(index, null);
        }
        try {
            byte[] rows = new byte[Math.toIntExact(Zstd.getFrameContentSize(compressed, 0, length))];
            zstd.decompressByteArray(rows, 0, rows.length, compressed, 0, length);
            return rows;
        } catch (ZstdException failure) {
            throw damaged(index, failure);
        }
    }

    private void readFully(ByteBuffer target, long offset) throws IOException {
        long position = offset;
        while (target.hasRemaining()) {
            int count = file.read(target, position);
            if (count < 0) {
                throw new EOFException("the file ends at %d, expected %d bytes".formatted(position, run.bytes()));
            }
            position += count;
        }
    }

    private SkyrollException cannotRead(IOException failure) {
        return SkyrollException.unavailable(
                "cannot read spilled rows from %s: %s; start again, Kafka still has them"
                        .formatted(run.file(), failure.getMessage()),
                failure);
    }

    private SkyrollException damaged(int index, @Nullable Throwable cause) {
        return SkyrollException.unavailable(
                "%s is damaged at %d: check the disk and start again, Kafka still has the rows"
                        .formatted(run.file(), run.offset(index)),
                cause);
    }

    private final class Range implements PendingCursor {
        private final long first;
        private final long afterLast;
        private int nextBlock;
        private ByteBuffer rows = ByteBuffer.allocate(0);
        /** Where the current row's head starts. */
        private int head;

        private int length;

        Range(long first, long afterLast) {
            this.first = first;
            this.afterLast = afterLast;
            this.nextBlock = run.blockBefore(first);
        }

        @Override
        public boolean next() {
            do {
                if (!rows.hasRemaining()) {
                    if (nextBlock == run.blocks() || run.firstHealpix(nextBlock) >= afterLast) {
                        return false;
                    }
                    rows = block(nextBlock++);
                }
                head = rows.position();
                length = rows.getInt(head + Long.BYTES + Position.BYTES);
                rows.position(end());
            } while (healpix() < first);
            return healpix() < afterLast;
        }

        @Override
        public long healpix() {
            return rows.getLong(head);
        }

        @Override
        public boolean isDelete() {
            return length < 0;
        }

        @Override
        public Position position() {
            int at = head + Long.BYTES;
            return new Position(
                    rows.getInt(at), rows.getLong(at + Integer.BYTES), rows.getLong(at + Integer.BYTES + Long.BYTES));
        }

        @Override
        public byte[] bytes() {
            return rows.array();
        }

        @Override
        public int start() {
            return head + RunWriter.HEAD_BYTES;
        }

        @Override
        public int end() {
            return start() + (length < 0 ? ~length : length);
        }
    }
}
