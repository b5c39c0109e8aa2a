package io.skyroll.sinks.storage;

import io.skyroll.sinks.dataset.DatasetProperties;
import io.skyroll.sinks.hats.CatalogLayout;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * A process's view of a store: before any call that changes something, or lists the root, the process can be held up while others go
 * on, and before or after one that changes something it can be killed.
 */
public final class MortalStore implements Store {
    /** Who is held up just before it replaces the pointer may write an old one, so that is where it is held up most. */
    private static final int CHANCES_BEFORE_THE_POINTER = 20;

    private final Store store;
    private final Runnable holdUp;
    private int callsToLive = Integer.MAX_VALUE;
    private boolean diesBefore;
    private boolean wrotePointer;

    /** Thrown where the process dies. */
    public static final class Killed extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    public MortalStore(Store store, Runnable holdUp) {
        this.store = store;
        this.holdUp = holdUp;
    }

    /** Lets the process die in one of its next calls. */
    public void killAfter(int calls, boolean before) {
        callsToLive = calls;
        diesBefore = before;
    }

    /** Whether the process has written the pointer since {@link #forgetPointer}. */
    public boolean wrotePointer() {
        return wrotePointer;
    }

    public void forgetPointer() {
        wrotePointer = false;
    }

    @Override
    public boolean createIfAbsent(String path, byte[] content) throws IOException {
        before();
        boolean created = store.createIfAbsent(path, content);
        after();
        return created;
    }

    @Override
    public StoreOutput create(String path) throws IOException {
        before();
        after();
        return store.create(path);
    }

    @Override
    public void replace(String path, byte[] content) throws IOException {
        boolean isPointer = path.equals(CatalogLayout.COLLECTION_PROPERTIES) || path.equals(DatasetProperties.POINTER);
        for (int chance = 0; isPointer && chance < CHANCES_BEFORE_THE_POINTER; chance++) {
            holdUp.run();
        }
        before();
        store.replace(path, content);
        wrotePointer |= isPointer;
        after();
    }

    @Override
    public void linkOrCopy(String from, String to) throws IOException {
        before();
        store.linkOrCopy(from, to);
        after();
    }

    @Override
    public void delete(String path) throws IOException {
        before();
        store.delete(path);
        after();
    }

    @Override
    public List<Entry> list(String directory) throws IOException {
        if (directory.isEmpty()) {
            // Where garbage is collected, what was known before may be old by now.
            holdUp.run();
        }
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

    private void before() {
        holdUp.run();
        if (diesBefore) {
            dieIfDue();
        }
    }

    private void after() {
        if (!diesBefore) {
            dieIfDue();
        }
    }

    private void dieIfDue() {
        if (callsToLive != Integer.MAX_VALUE && --callsToLive <= 0) {
            throw new Killed();
        }
    }
}
