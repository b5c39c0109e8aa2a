package io.skyroll.local;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.utils.Exit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One Kafka node, broker and controller at once, in this JVM and on the loopback address.
 *
 * <p>The directory holds everything: topics, offsets, transactions and the cluster id, which is drawn on the first start. Ports may
 * differ from start to start. What a producer got acknowledged with {@code acks=all} survives the death of the JVM at any moment, but
 * not a power loss: Kafka leaves flushing to the operating system.
 *
 * <p>Topics are never created by being named, keep their records without limit unless they say otherwise, and take records of up to
 * 56 MiB; clients must raise {@code max.request.size} for them. Anybody on this machine may connect.
 *
 * <p>A node whose disk fails, or is full, ends the JVM, as Kafka does; {@link #onDiskFailure} lets somebody say why. Thread-safe.
 */
public final class EmbeddedKafka implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedKafka.class);

    /** Stopping takes well under a second; a node with much to flush may take longer, but nobody waits for ever. */
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private final DirectoryLock lock;
    private final KafkaNode node;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedKafka(DirectoryLock lock, KafkaNode node) {
        this.lock = lock;
        this.node = node;
    }

    /**
     * Has the process end in another way than Kafka ends it when the only disk of a node cannot be written to: with a log line alone. By
     * then no node of this process serves anybody.
     *
     * @param halt must end the JVM without waiting for other threads; called by any of Kafka's
     */
    public static void onDiskFailure(Runnable halt) {
        Exit.setHaltProcedure((status, message) -> {
            halt.run();
            throw new IllegalStateException("the process goes on without its disk");
        });
    }

    /** Starts a node at a free port; as {@link #start(Path, int)} with port 0. */
    public static EmbeddedKafka start(Path directory) {
        return start(directory, 0);
    }

    /**
     * Starts a node and returns when it serves clients. A directory used before brings back all it held, after a crash too.
     *
     * @param directory its data; created where missing; nothing else may be kept there
     * @param port where clients connect, or 0 for any free one
     * @throws IllegalStateException when another server uses the directory, or the node cannot start; nothing is left running
     * @throws java.io.UncheckedIOException when the directory cannot be written, or the port is taken
     */
    public static EmbeddedKafka start(Path directory, int port) {
        DirectoryLock lock = DirectoryLock.take(directory);
        try {
            return new EmbeddedKafka(lock, KafkaNode.start(lock.directory().resolve("log"), port));
        } catch (RuntimeException e) {
            lock.close();
            throw e;
        }
    }

    /** The address for clients: {@code 127.0.0.1:port}. */
    public String bootstrapServers() {
        return node.bootstrapServers();
    }

    /** The id of this cluster of one, the same for the life of the directory. */
    public String clusterId() {
        return node.clusterId();
    }

    /** Stops the node, at most half a minute long; what clients have in flight fails. The directory may be used again afterwards. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        Thread stopping = new Thread(this::stop, "embedded-kafka-stop");
        stopping.setDaemon(true);
        stopping.start();
        try {
            stopping.join(CLOSE_LIMIT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return;
        }
        if (stopping.isAlive()) {
            log.atError()
                    .addKeyValue("directory", lock.directory())
                    .addKeyValue("limit", CLOSE_LIMIT)
                    .log("kafka did not stop in time and keeps its directory");
        }
    }

    private void stop() {
        node.stop();
        lock.close();
    }
}
