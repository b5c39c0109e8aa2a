package io.skyroll.streams.topology;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.schemas.topic.Topics;
import io.skyroll.streams.row.FilterSettings;
import io.skyroll.streams.row.RowCheck;
import io.skyroll.streams.row.SkyColumns;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.errors.StreamsUncaughtExceptionHandler.StreamThreadExceptionResponse;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stream of one table: reads its rows topic, filters rows and finds their place on the sky, and writes its sky topic and its
 * rejects topic, exactly once. Each table has one of its own, so that a failure stops no other table; the same table's streams in
 * several processes share its partitions. It stops at the first failure and commits nothing of the transaction that met it.
 *
 * <p>A row counts when it is read (each row of a batch, each single record) and when it is put into a sky partition (each row of a
 * batch, each single row, each deletion): these are the counts that forwarded cuts carry.
 *
 * <p>{@link #start} and {@link #close} belong to the owner; the rest is thread-safe.
 */
public final class SkyStream implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(SkyStream.class);
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(30);

    private final SkyStreamSettings settings;
    private final SchemaRegistry registry;
    private final StageMeter meter;
    private final AtomicReference<@Nullable SkyrollException> failure = new AtomicReference<>();
    private final StoppedPartitions stopped = new StoppedPartitions();
    private volatile @Nullable KafkaStreams streams;

    /** Makes a stream that has not started. */
    public SkyStream(SkyStreamSettings settings, SchemaRegistry registry, StageMeter meter) {
        this.settings = settings;
        this.registry = registry;
        this.meter = meter;
    }

    /**
     * Finds out without running whether rows of a schema can be filtered and placed.
     *
     * @throws SkyrollException when a column is missing or has a type that does not fit, or a filter is wrong
     */
    public static void check(SkyStreamSettings settings, RowSchema schema) {
        check(schema, settings.columns(), settings.filters());
    }

    /** As {@link #check(SkyStreamSettings, RowSchema)}, for who has no settings of servers. */
    public static void check(RowSchema schema, Optional<SkyColumns> columns, List<FilterSettings> filters) {
        RowCheck unused = new RowCheck(schema, columns, filters);
    }

    /**
     * Makes sure that the table's topics exist, and starts the threads.
     *
     * @throws SkyrollException when a topic has another number of partitions than the settings say, or the broker does not answer
     */
    public void start() {
        if (streams != null) {
            throw new IllegalStateException("the stream of table %s was started before"
                    .formatted(settings.table().qualified()));
        }
        ensureTopics();
        KafkaStreams created =
                new KafkaStreams(SkyTopology.of(settings, registry, meter, stopped), StreamsProperties.of(settings));
        created.setUncaughtExceptionHandler(this::fail);
        streams = created;
        created.start();
    }

    /**
     * Makes sure that the stream can be reset.
     *
     * @param isAlone whether no other process can reach the brokers
     * @throws SkyrollException when rows are gone from the rows topic, or other processes work on the table
     */
    public void requireResettable(boolean isAlone) {
        try (Admin admin = admin()) {
            StreamReset reset = new StreamReset(settings, admin);
            reset.requireRows();
            if (isAlone) {
                reset.removeMembers();
            } else {
                reset.requireNobody();
            }
        }
    }

    /**
     * Has the stream, which has not started, begin anew: it will read the rows topic from its beginning, into a sky topic and a rejects
     * topic that are made anew.
     */
    public void reset() {
        try (Admin admin = admin();
                KafkaStreams idle = new KafkaStreams(
                        SkyTopology.of(settings, registry, meter, stopped), StreamsProperties.of(settings))) {
            idle.cleanUp();
            new StreamReset(settings, admin).run();
        }
    }

    /** Why the stream stopped by itself; empty while it has not. */
    public Optional<SkyrollException> failure() {
        return Optional.ofNullable(failure.get());
    }

    /** Why the table stands still until it is read anew, which is no failure: others go on; empty while it does not. */
    public Optional<String> stopped() {
        return stopped.why();
    }

    /** Whether every partition is being worked on; false for a moment also while partitions change hands. */
    public boolean isRunning() {
        KafkaStreams started = streams;
        return started != null && started.state() == KafkaStreams.State.RUNNING;
    }

    /** Commits what was processed, hands the partitions to others, and stops; waits half a minute at most. */
    @Override
    public void close() {
        KafkaStreams started = streams;
        if (started == null) {
            return;
        }
        // Leaving the group lets the next owner start at once; else it would wait for this one's session to end.
        CloseOptions options = CloseOptions.groupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP)
                .withTimeout(CLOSE_LIMIT);
        if (!started.close(options)) {
            log.atWarn()
                    .addKeyValue("table", settings.table().qualified())
                    .addKeyValue("limit", CLOSE_LIMIT)
                    .log("stream did not stop in time; its last transaction will be aborted");
        }
    }

    private Admin admin() {
        Map<String, Object> access = new HashMap<>(settings.clientProperties());
        access.put(AdminClientConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrapServers());
        return Admin.create(access);
    }

    private void ensureTopics() {
        TableName table = settings.table();
        try (Admin admin = admin()) {
            Topics.ensureLog(admin, table.rowsTopic(), settings.rowsPartitions());
            Topics.ensureLog(admin, table.skyTopic(), settings.sky().partitions());
            Topics.ensureLog(admin, table.rejectsTopic(), settings.rowsPartitions());
        }
    }

    private StreamThreadExceptionResponse fail(Throwable thrown) {
        SkyrollException translated = StreamFailure.of(settings.table(), thrown);
        if (failure.compareAndSet(null, translated)) {
            log.atError()
                    .addKeyValue("table", settings.table().qualified())
                    .addKeyValue("kind", translated.kind())
                    .setCause(thrown)
                    .log("stream failed");
        }
        return StreamThreadExceptionResponse.SHUTDOWN_CLIENT;
    }
}
