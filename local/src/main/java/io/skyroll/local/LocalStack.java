package io.skyroll.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The embedded servers together, for a run without named servers and for integration tests.
 *
 * <p>Thread-safe.
 */
public final class LocalStack implements AutoCloseable {

    /** Whether the directory outlives the stack. */
    private enum Lifetime {
        KEPT,
        TEMPORARY
    }

    private final Path directory;
    private final Lifetime lifetime;
    private final EmbeddedKafka kafka;
    private final EmbeddedRegistry registry;
    private @Nullable EmbeddedDatabase database;
    private boolean closed;

    private LocalStack(Path directory, Lifetime lifetime, EmbeddedKafka kafka, EmbeddedRegistry registry) {
        this.directory = directory;
        this.lifetime = lifetime;
        this.kafka = kafka;
        this.registry = registry;
    }

    /** Starts Kafka and the registry at free ports, over a directory that stays; a stack that used it before goes on there. */
    public static LocalStack start(Path directory) {
        return start(directory, Lifetime.KEPT);
    }

    /** Starts Kafka and the registry at free ports, over a new directory that {@link #close} or the end of the JVM deletes. */
    public static LocalStack temporary() {
        try {
            LocalStack stack = start(Files.createTempDirectory("skyroll"), Lifetime.TEMPORARY);
            Runtime.getRuntime().addShutdownHook(new Thread(stack::close, "local-stack-close"));
            return stack;
        } catch (IOException e) {
            throw new UncheckedIOException("could not create a temporary directory", e);
        }
    }

    private static LocalStack start(Path directory, Lifetime lifetime) {
        EmbeddedKafka kafka = EmbeddedKafka.start(directory.resolve("kafka"));
        try {
            EmbeddedRegistry registry = EmbeddedRegistry.start(directory.resolve("registry"));
            return new LocalStack(directory, lifetime, kafka, registry);
        } catch (RuntimeException e) {
            kafka.close();
            throw e;
        }
    }

    /** Where the servers keep their data, each in a folder of its own. */
    public Path directory() {
        return directory;
    }

    /** The broker of this stack. */
    public EmbeddedKafka kafka() {
        return kafka;
    }

    /** The schema registry of this stack. */
    public EmbeddedRegistry registry() {
        return registry;
    }

    /**
     * The database of this stack, which the first call starts at a free port. In a temporary directory it does not wait for the disk.
     *
     * @throws IllegalStateException when the stack is closed
     */
    public synchronized EmbeddedDatabase database() {
        if (closed) {
            throw new IllegalStateException("the local stack on %s is closed".formatted(directory));
        }
        if (database == null) {
            database = EmbeddedDatabase.start(
                    directory.resolve("database"),
                    0,
                    lifetime == Lifetime.TEMPORARY
                            ? EmbeddedDatabase.Durability.PROCESS
                            : EmbeddedDatabase.Durability.MACHINE);
        }
        return database;
    }

    /** Stops the servers, each within its own limit, and deletes a temporary directory. */
    @Override
    public synchronized void close() {
        if (closed) {
            return;
        }
        closed = true;
        if (database != null) {
            database.close();
        }
        registry.close();
        kafka.close();
        if (lifetime == Lifetime.TEMPORARY) {
            Directories.delete(directory);
        }
    }
}
