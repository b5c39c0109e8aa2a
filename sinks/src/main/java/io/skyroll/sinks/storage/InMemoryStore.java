package io.skyroll.sinks.storage;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A store in the heap, for simulations and tests. Durable for as long as it is reachable. Thread-safe. */
public final class InMemoryStore implements Store {

    /** Contents by path. An array in here is never changed. */
    private final ConcurrentSkipListMap<String, byte[]> objects = new ConcurrentSkipListMap<>();

    @Override
    public boolean createIfAbsent(String path, byte[] content) {
        return objects.putIfAbsent(StorePath.checked(path), content.clone()) == null;
    }

    @Override
    public StoreOutput create(String path) {
        return new Output(StorePath.checked(path));
    }

    @Override
    public void replace(String path, byte[] content) {
        objects.put(StorePath.checked(path), content.clone());
    }

    @Override
    public void linkOrCopy(String from, String to) throws IOException {
        StorePath.checked(to);
        byte[] content = existing(from);
        byte[] present = objects.putIfAbsent(to, content);
        if (present != null && present.length != content.length) {
            throw new FileAlreadyExistsException(
                    uri(to), uri(from), "has %d bytes, not %d".formatted(present.length, content.length));
        }
    }

    @Override
    public List<Entry> list(String directory) {
        String prefix = StorePath.checkedDirectory(directory).isEmpty() ? "" : directory + "/";
        TreeMap<String, Entry> children = new TreeMap<>();
        for (Map.Entry<String, byte[]> object : objects.tailMap(prefix).entrySet()) {
            if (!object.getKey().startsWith(prefix)) {
                break;
            }
            String rest = object.getKey().substring(prefix.length());
            int slash = rest.indexOf('/');
            String name = slash < 0 ? rest : rest.substring(0, slash);
            children.put(name, new Entry(name, slash < 0 ? object.getValue().length : 0, slash >= 0));
        }
        return new ArrayList<>(children.values());
    }

    @Override
    public void delete(String path) {
        objects.remove(StorePath.checked(path));
        // '0' is the character after '/': the range holds the paths below.
        objects.subMap(path + "/", path + "0").clear();
    }

    @Override
    public Optional<byte[]> read(String path) {
        return Optional.ofNullable(objects.get(StorePath.checked(path))).map(byte[]::clone);
    }

    @Override
    public StoreInput open(String path) throws IOException {
        return new Input(existing(path));
    }

    @Override
    public String uri(String path) {
        return "memory:/" + StorePath.checkedDirectory(path);
    }

    private byte[] existing(String path) throws NoSuchFileException {
        byte[] content = objects.get(StorePath.checked(path));
        if (content == null) {
            throw new NoSuchFileException(uri(path));
        }
        return content;
    }

    private final class Output extends StoreOutput {
        private final String path;
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private boolean finished;

        Output(String path) {
            this.path = path;
        }

        @Override
        public long position() {
            return bytes.size();
        }

        @Override
        public void write(byte[] source, int offset, int length) throws IOException {
            checkOpen();
            bytes.write(source, offset, length);
        }

        @Override
        public void commit() throws IOException {
            checkOpen();
            finished = true;
            objects.put(path, bytes.toByteArray());
        }

        @Override
        public void close() {
            finished = true;
        }

        private void checkOpen() throws IOException {
            if (finished) {
                throw new IOException("output is committed or closed: " + uri(path));
            }
        }
    }

    private static final class Input implements StoreInput {
        private final byte[] content;

        Input(byte[] content) {
            this.content = content;
        }

        @Override
        public long length() {
            return content.length;
        }

        @Override
        public void readFully(long position, byte[] buffer, int offset, int length) throws IOException {
            Objects.checkFromIndexSize(offset, length, buffer.length);
            Objects.checkIndex(position, Long.MAX_VALUE);
            if (position + length > content.length) {
                throw new EOFException(
                        "%d bytes at %d are beyond the end at %d".formatted(length, position, content.length));
            }
            System.arraycopy(content, (int) position, buffer, offset, length);
        }

        @Override
        public void close() {}
    }
}
