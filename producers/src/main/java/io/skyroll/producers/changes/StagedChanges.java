package io.skyroll.producers.changes;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.wire.AvroBuffer;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * The changes of one transaction, until it is known to be whole: its position is told by its end. What does not fit into memory goes to a
 * file. Owned by one thread.
 */
final class StagedChanges implements AutoCloseable {
    private static final int INITIAL_BYTES = 64 << 10;
    private static final int BUFFER_BYTES = 256 << 10;
    private static final int TRUNCATE = -1;
    private static final int FORM = -2;
    private static final int REFUSED = -3;

    private final Path file;
    private final int memoryBytes;
    private AvroBuffer memory = new AvroBuffer(INITIAL_BYTES);
    private @Nullable OutputStream spill;
    private long spilledBytes;
    private long count;

    /** Takes staged changes in their order. */
    interface Taker {
        void change(Change change);

        void truncate(int table);

        /** The table's next form begins. */
        void form(int table);

        /** A change of the table that cannot be told. */
        void refused(int table);
    }

    /**
     * An empty stage.
     *
     * @param file where a large transaction is put; nothing else is there
     * @param memoryBytes how much of it stays in memory
     */
    StagedChanges(Path file, int memoryBytes) {
        this.file = file;
        this.memoryBytes = memoryBytes;
    }

    /** How many changes there are. */
    long count() {
        return count;
    }

    /** Their size, in bytes. */
    long bytes() {
        return spilledBytes + memory.size();
    }

    void add(Change change) {
        writeInt(change.table());
        memory.writeByte(change.op().code().charAt(0));
        write(change.key());
        write(change.row());
        write(change.before());
        write(change.unsent());
        @Nullable String error = change.error();
        write(error == null ? null : error.getBytes(StandardCharsets.UTF_8));
        added();
    }

    void addTruncate(int table) {
        add(TRUNCATE, table);
    }

    void addForm(int table) {
        add(FORM, table);
    }

    void addRefused(int table) {
        add(REFUSED, table);
    }

    private void add(int what, int table) {
        writeInt(what);
        writeInt(table);
        added();
    }

    private void added() {
        count++;
        if (memory.size() >= memoryBytes) {
            spill();
        }
    }

    private void spill() {
        try {
            if (spill == null) {
                spill = Files.newOutputStream(file, StandardOpenOption.CREATE, StandardOpenOption.TRUNCATE_EXISTING);
            }
            spill.write(memory.bytes(), 0, memory.size());
            spilledBytes += memory.size();
            memory.clear();
        } catch (IOException failure) {
            throw unavailable(failure);
        }
    }

    /** Hands on all changes. */
    void forEach(Taker taker) {
        if (spill != null) {
            spill();
            try (DataInputStream input =
                    new DataInputStream(new BufferedInputStream(Files.newInputStream(file), BUFFER_BYTES))) {
                read(input, taker);
            } catch (IOException failure) {
                throw unavailable(failure);
            }
            return;
        }
        try (DataInputStream input =
                new DataInputStream(new java.io.ByteArrayInputStream(memory.bytes(), 0, memory.size()))) {
            read(input, taker);
        } catch (IOException impossible) {
            throw SkyrollException.defect("staged changes end too early", impossible);
        }
    }

    private void read(DataInputStream input, Taker taker) throws IOException {
        for (long i = 0; i < count; i++) {
            int what = input.readInt();
            switch (what) {
                case TRUNCATE -> taker.truncate(input.readInt());
                case FORM -> taker.form(input.readInt());
                case REFUSED -> taker.refused(input.readInt());
                default -> taker.change(readChange(what, input));
            }
        }
    }

    private static Change readChange(int table, DataInputStream input) throws IOException {
        Op op = op((char) input.readByte());
        byte @Nullable [] key = readBytes(input);
        byte @Nullable [] row = readBytes(input);
        byte @Nullable [] before = readBytes(input);
        byte @Nullable [] unsent = readBytes(input);
        byte @Nullable [] error = readBytes(input);
        return new Change(
                table, op, key, row, before, unsent, error == null ? null : new String(error, StandardCharsets.UTF_8));
    }

    private static Op op(char code) {
        return switch (code) {
            case 'c' -> Op.INSERT;
            case 'u' -> Op.UPDATE;
            default -> Op.DELETE;
        };
    }

    private static byte @Nullable [] readBytes(DataInputStream input) throws IOException {
        int length = input.readInt();
        if (length < 0) {
            return null;
        }
        byte[] bytes = new byte[length];
        input.readFully(bytes);
        return bytes;
    }

    private void write(byte @Nullable [] bytes) {
        writeInt(bytes == null ? -1 : bytes.length);
        if (bytes != null) {
            memory.write(bytes, 0, bytes.length);
        }
    }

    private void writeInt(int value) {
        for (int shift = Integer.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
            memory.writeByte(value >>> shift);
        }
    }

    /** Drops all changes. */
    void clear() {
        count = 0;
        spilledBytes = 0;
        if (memory.bytes().length > memoryBytes) {
            memory = new AvroBuffer(INITIAL_BYTES);
        } else {
            memory.clear();
        }
        close();
    }

    /** Deletes the file, if there is one. */
    @Override
    public void close() {
        if (spill != null) {
            try {
                spill.close();
                spill = null;
                Files.deleteIfExists(file);
            } catch (IOException failure) {
                throw unavailable(failure);
            }
        }
    }

    private SkyrollException unavailable(IOException failure) {
        return SkyrollException.unavailable(
                "a large transaction cannot be put into %s: %s; make room there and start again: the database still has it"
                        .formatted(file, failure.getMessage()),
                failure);
    }
}
