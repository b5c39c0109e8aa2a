package io.skyroll.sinks.catalog;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.PriorityQueue;

/**
 * Sorts more entries than memory holds, and keeps one of equal ones. An entry is a row of bytes; the order is that of unsigned bytes.
 * What fills the memory is sorted and spilled to a file of runs, which are merged at the end. The file is deleted when this is closed,
 * or when the process dies: the system takes away its name as soon as it is open. Owned by one thread.
 */
final class EntrySort implements AutoCloseable {
    /** What an entry takes besides its bytes: the array's header, its padding, and the reference to it, also while sorting. */
    private static final int ENTRY_BYTES = 32;

    private static final int MAX_BUFFER_BYTES = 1 << 16;
    private static final int MIN_BUFFER_BYTES = 1 << 10;

    private final FileChannel file;
    private final long memoryBytes;
    private final List<byte[]> entries = new ArrayList<>();
    private final List<Range> runs = new ArrayList<>();
    private long usedBytes;
    private long end;

    /** What becomes of the entries. */
    interface Action {
        void accept(byte[] entry) throws IOException;
    }

    /**
     * @param scratch a local directory, made if absent
     * @param memoryBytes about how much memory to use
     */
    EntrySort(Path scratch, long memoryBytes) throws IOException {
        Files.createDirectories(scratch);
        Path path = Files.createTempFile(scratch, "runs-", ".tmp");
        this.file = FileChannel.open(
                path, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.DELETE_ON_CLOSE);
        this.memoryBytes = memoryBytes;
    }

    /** Takes an entry over. */
    void add(byte[] entry) throws IOException {
        entries.add(entry);
        usedBytes += entry.length + ENTRY_BYTES;
        if (usedBytes >= memoryBytes) {
            spill();
        }
    }

    /** Number of runs in the file so far. */
    int runs() {
        return runs.size();
    }

    /** Hands every distinct entry on, in order. Entries can be added no more. */
    void forEach(Action action) throws IOException {
        spill();
        int bufferBytes =
                (int) Math.max(MIN_BUFFER_BYTES, Math.min(MAX_BUFFER_BYTES, memoryBytes / Math.max(1, runs.size())));
        PriorityQueue<Run> queue = new PriorityQueue<>();
        for (Range range : runs) {
            queue.add(new Run(file, range, bufferBytes));
        }
        byte[] last = null;
        while (!queue.isEmpty()) {
            Run run = queue.remove();
            byte[] entry = run.entry;
            if (last == null || !Arrays.equals(entry, last)) {
                action.accept(entry);
                last = entry;
            }
            if (run.next()) {
                queue.add(run);
            }
        }
    }

    @Override
    public void close() throws IOException {
        file.close();
    }

    /** Each entry behind its length in 4 bytes. */
    private void spill() throws IOException {
        if (entries.isEmpty()) {
            return;
        }
        entries.sort(Arrays::compareUnsigned);
        long start = end;
        ByteBuffer buffer = ByteBuffer.allocate(MAX_BUFFER_BYTES);
        byte[] last = null;
        for (byte[] entry : entries) {
            if (last != null && Arrays.equals(entry, last)) {
                continue;
            }
            if (buffer.remaining() < Integer.BYTES + entry.length) {
                write(buffer);
            }
            if (buffer.capacity() < Integer.BYTES + entry.length) {
                buffer = ByteBuffer.allocate(Integer.BYTES + entry.length);
            }
            buffer.putInt(entry.length).put(entry);
            last = entry;
        }
        write(buffer);
        runs.add(new Range(start, end));
        entries.clear();
        usedBytes = 0;
    }

    private void write(ByteBuffer buffer) throws IOException {
        buffer.flip();
        while (buffer.hasRemaining()) {
            end += file.write(buffer, end);
        }
        buffer.clear();
    }

    /** Where a run is in the file. */
    private record Range(long start, long end) {}

    /** A run that is being read; runs are in the order of the entries that they are at. */
    private static final class Run implements Comparable<Run> {
        private final FileChannel file;
        private final long end;
        private ByteBuffer buffer;
        private long position;
        private byte[] entry = new byte[0];

        Run(FileChannel file, Range range, int bufferBytes) throws IOException {
            this.file = file;
            this.position = range.start();
            this.end = range.end();
            this.buffer = ByteBuffer.allocate(bufferBytes).limit(0);
            next();
        }

        /** Goes to the next entry; false at the end. */
        boolean next() throws IOException {
            if (position == end && !buffer.hasRemaining()) {
                return false;
            }
            fill(Integer.BYTES);
            int length = buffer.getInt();
            fill(length);
            entry = new byte[length];
            buffer.get(entry);
            return true;
        }

        private void fill(int needed) throws IOException {
            if (buffer.remaining() >= needed) {
                return;
            }
            ByteBuffer rest = buffer;
            buffer = rest.capacity() >= needed
                    ? rest.compact()
                    : ByteBuffer.allocate(needed).put(rest);
            buffer.limit((int) Math.min(buffer.capacity(), buffer.position() + (end - position)));
            while (buffer.hasRemaining()) {
                int read = file.read(buffer, position);
                if (read < 0) {
                    throw new java.io.EOFException("a file of sorted runs was cut off");
                }
                position += read;
            }
            buffer.flip();
        }

        @Override
        public int compareTo(Run other) {
            return Arrays.compareUnsigned(entry, other.entry);
        }
    }
}
