package io.skyroll.sinks.storage;

final class InMemoryStoreTest extends StoreContract {

    private final InMemoryStore store = new InMemoryStore();

    @Override
    Store open() {
        return store;
    }
}
