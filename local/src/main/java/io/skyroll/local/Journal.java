package io.skyroll.local;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An append-only file of entries, one JSON text a line, each on the disk before {@link #append} returns.
 *
 * <p>A last line without its end was cut off by a crash before anybody was told of it, and is dropped. Not thread-safe: its owner
 * guards it.
 */
final class Journal<E> implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(Journal.class);

    private final Path path;
    private final JsonMapper json = JsonMapper.builder()
            .defaultPropertyInclusion(
                    JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
            .build();
    /** Not a channel, which an interrupt would close. */
    private final RandomAccessFile file;

    private final List<E> entries = new ArrayList<>();
    private boolean broken;

    private Journal(Path path, RandomAccessFile file) {
        this.path = path;
        this.file = file;
    }

    /**
     * Opens a journal and reads it, or begins it.
     *
     * @throws UncheckedIOException when a complete line cannot be read, with its number
     */
    static <E> Journal<E> open(Path path, Class<E> type) {
        try {
            RandomAccessFile file = new RandomAccessFile(path.toFile(), "rw");
            try {
                Journal<E> journal = new Journal<>(path, file);
                journal.read(type);
                return journal;
            } catch (IOException | RuntimeException e) {
                file.close();
                throw e;
            }
        } catch (IOException e) {
            throw new UncheckedIOException("could not open journal " + path, e);
        }
    }

    private void read(Class<E> type) throws IOException {
        byte[] bytes = Files.readAllBytes(path);
        int start = 0;
        for (int end = 0; end < bytes.length; end++) {
            if (bytes[end] == '\n') {
                try {
                    entries.add(json.readValue(bytes, start, end - start, type));
                } catch (JsonProcessingException e) {
                    throw new IOException("line %d of %s is damaged".formatted(entries.size() + 1, path), e);
                }
                start = end + 1;
            }
        }
        if (start < bytes.length) {
            log.atWarn()
                    .addKeyValue("path", path)
                    .addKeyValue("bytes", bytes.length - start)
                    .log("journal's last line was cut off by a crash and is dropped");
            file.setLength(start);
        }
        file.seek(start);
        file.getFD().sync();
        try (FileChannel directory = FileChannel.open(path.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** What was in the file when it was opened. */
    List<E> entries() {
        return List.copyOf(entries);
    }

    /**
     * Adds an entry.
     *
     * @throws UncheckedIOException when it may not be on the disk; the journal then takes no more until it is opened again
     */
    void append(E entry) {
        if (broken) {
            throw new UncheckedIOException(new IOException("journal %s failed earlier: start again".formatted(path)));
        }
        try {
            byte[] line = (json.writeValueAsString(entry) + "\n").getBytes(StandardCharsets.UTF_8);
            broken = true;
            file.write(line);
            file.getFD().sync();
            broken = false;
        } catch (IOException e) {
            throw new UncheckedIOException("could not write to journal " + path, e);
        }
    }

    @Override
    public void close() {
        try {
            file.close();
        } catch (IOException e) {
            throw new UncheckedIOException("could not close journal " + path, e);
        }
    }
}
