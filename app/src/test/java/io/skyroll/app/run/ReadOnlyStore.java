package io.skyroll.app.run;

import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.StoreInput;
import io.skyroll.sinks.storage.StoreOutput;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that takes some writes and then no more, as when a disk's driver has turned it read-only. */
final class ReadOnlyStore implements Store {
    private final Store store;
    private final AtomicInteger writesLeft;

    ReadOnlyStore(Store store, int writes) {
        this.store = store;
        this.writesLeft = new AtomicInteger(writes);
    }

    @Override
    public boolean createIfAbsent(String path, byte[] content) throws IOException {
        write(path);
        return store.createIfAbsent(path, content);
    }

    @Override
    public StoreOutput create(String path) throws IOException {
        write(path);
        return store.create(path);
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        write(path);
        store.replace(path, content);
    }

    @Override
    public void linkOrCopy(String from, String to) throws IOException {
        write(to);
        store.linkOrCopy(from, to);
    }

    @Override
    public void delete(String path) throws IOException {
        write(path);
        store.delete(path);
    }

    @Override
    public List<Entry> list(String directory) throws IOException {
        return store.list(directory);
    }

    @Override
    public Optional<byte[]> read(String path) throws IOException {
        return store.read(path);
    }

    @Override
    public StoreInput open(String path) throws IOException {
        return store.open(path);
    }

    @Override
    public String uri(String path) {
        return store.uri(path);
    }

    @Override
    public void close() {
        store.close();
    }

    private void write(String path) throws FileSystemException {
        if (writesLeft.getAndDecrement() <= 0) {
            throw new FileSystemException(store.uri(path), null, "Read-only file system");
        }
    }
}
