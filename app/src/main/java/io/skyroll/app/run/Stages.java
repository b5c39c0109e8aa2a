package io.skyroll.app.run;

import io.skyroll.app.config.OutputConfig;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.ChangesConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.producers.changes.ChangeProducer;
import io.skyroll.producers.changes.ChangeSettings;
import io.skyroll.producers.changes.EngineOpener;
import io.skyroll.producers.debezium.DebeziumReader;
import io.skyroll.producers.pgoutput.PgOutputEngine;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.publish.KafkaAccess;
import io.skyroll.producers.publish.Packing;
import io.skyroll.producers.publish.RowWriter.RecordForm;
import io.skyroll.producers.snapshot.SnapshotProducer;
import io.skyroll.producers.snapshot.SnapshotSettings;
import io.skyroll.producers.snapshot.SnapshotSettings.Content;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.catalog.IndexCatalogs;
import io.skyroll.sinks.consume.SinkSettings;
import io.skyroll.sinks.consume.TableSink;
import io.skyroll.sinks.dataset.FolderCheck;
import io.skyroll.sinks.memtable.RowMemory;
import io.skyroll.sinks.memtable.SpillDirectory;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.Stores;
import io.skyroll.streams.row.FilterSettings;
import io.skyroll.streams.row.RowCheck;
import io.skyroll.streams.row.SkyColumns;
import io.skyroll.streams.topology.SkyStream;
import io.skyroll.streams.topology.SkyStreamSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Makes the stages that a pipeline file describes; the one place that knows both the file and the stages. Owned by one thread, and closed
 * after the stages that it made.
 */
public final class Stages implements AutoCloseable {
    private static final int PUBLISH_THREADS = 2;
    private static final int STREAM_THREADS = 2;
    /** Of the heap, for unpublished rows: publishing, Kafka's clients and an embedded broker need the rest. */
    private static final int HEAP_SHARE = 4;
    /** Of the free disk, for spilled rows: an embedded broker and the catalog may be there too. */
    private static final int DISK_SHARE = 2;

    private static final Duration LOCAL_POLL = Duration.ofMillis(50);
    private static final Duration REMOTE_POLL = Duration.ofSeconds(1);

    private final PipelineConfig config;
    private final Services services;
    private @Nullable RowMemory memory;

    public Stages(PipelineConfig config, Services services) {
        this.config = config;
        this.services = services;
    }

    public TableName name(TableConfig table) {
        return new TableName(config.pipeline(), table.schema(), table.table());
    }

    public KafkaAccess kafka() {
        return new KafkaAccess(services.bootstrapServers(), config.kafka().properties());
    }

    /**
     * Makes sure that what is written has room.
     *
     * @throws io.skyroll.schemas.failure.SkyrollException when the embedded broker's disk is nearly full
     */
    void requireRoom() {
        services.requireRoom();
    }

    /** What is to be read, in the order of the file's tables. */
    public static List<TableRequest> requests(PipelineConfig config) {
        return config.tables().stream()
                .map(table -> new TableRequest(
                        new TableName(config.pipeline(), table.schema(), table.table()),
                        table.read().sql(),
                        table.read().key(),
                        table.read().types(),
                        config.source().changes().isPresent()))
                .toList();
    }

    public SnapshotProducer producer(Connections connections) {
        return new SnapshotProducer(snapshotSettings(), connections, services.registry());
    }

    /**
     * What follows the changes of all tables.
     *
     * @param end when to stop following
     */
    public ChangeProducer changes(Connections connections, ChangesConfig changes, ChangeSettings.End end) {
        ChangeSettings settings = new ChangeSettings(
                changes.slot(),
                changes.publication(),
                changes.freshness(),
                config.dataDirectory(),
                ChangeSettings.DEFAULT_TRANSACTION_BYTES,
                changes.budget(),
                end,
                this::check);
        return new ChangeProducer(
                settings, snapshotSettings(), connections, services.registry(), engines(connections, changes));
    }

    /** The same for a table of the pipeline, by its name. */
    void check(TableName name, RowSchema rows) {
        config.tables().stream().filter(table -> name(table).equals(name)).forEach(table -> check(table, rows));
    }

    /** What reads changes, as the pipeline file says. */
    public static EngineOpener engines(Connections connections, ChangesConfig changes) {
        return switch (changes.engine()) {
            case DEBEZIUM -> DebeziumReader.opener(connections, changes.slot(), changes.publication());
            case PGOUTPUT -> tables -> PgOutputEngine.open(connections, changes.slot(), changes.publication(), tables);
        };
    }

    private SnapshotSettings snapshotSettings() {
        Packing packing = config.kafka().rowsPerRecord() == 1 ? Packing.SINGLE_ROWS : Packing.BATCHES;
        return new SnapshotSettings(
                config.pipeline(),
                requests(config),
                config.kafka().topicPartitions(),
                config.source().workers(),
                (int) config.source().chunkBytes(),
                new RecordForm(packing, SnapshotSettings.DEFAULT_RECORD_BYTES),
                kafka(),
                config.source().readsRows() ? Content.ROWS : Content.NOTHING);
    }

    /**
     * Finds out without servers whether rows can be filtered, placed, indexed and put into folders as a table's section says.
     *
     * @throws io.skyroll.schemas.failure.SkyrollException when a column is missing or does not fit, or a filter is wrong
     */
    public static void check(TableConfig table, RowSchema rows) {
        SkyStream.check(rows, columns(table), filters(table));
        OutputConfig output = table.catalog().output();
        if (output instanceof OutputConfig.Hats hats) {
            IndexCatalogs.check(rows, hats.extras().indexes());
        } else if (output instanceof OutputConfig.Parquet parquet) {
            FolderCheck.check(rows, parquet.folders());
            if (table.sky().isEmpty()) {
                FolderCheck.requireColumnInFiles(rows, parquet.folders());
            }
        }
    }

    /** Decides about rows of a table as its stream does. */
    public static RowCheck rowCheck(TableConfig table, RowSchema rows) {
        return new RowCheck(rows, columns(table), filters(table));
    }

    private static Optional<SkyColumns> columns(TableConfig table) {
        return table.sky().map(sky -> new SkyColumns(sky.raColumn(), sky.decColumn()));
    }

    private static List<FilterSettings> filters(TableConfig table) {
        return table.filters().stream()
                .map(filter -> new FilterSettings(filter.name(), filter.where()))
                .toList();
    }

    /** How many of a table's values the policies for types have changed, by the policy's key. */
    public static Map<String, Long> conversions(SnapshotProducer producer, TableName table) {
        Map<String, Long> byKey = new TreeMap<>();
        producer.conversions(table).forEach((conversion, count) -> byKey.put(conversion.key(), count));
        return byKey;
    }

    public SkyStreamSettings streamSettings(TableConfig table) {
        return new SkyStreamSettings(
                name(table),
                services.bootstrapServers(),
                clientProperties("stream"),
                config.dataDirectory().resolve("streams"),
                STREAM_THREADS,
                SkyStreamSettings.DEFAULT_COMMIT_INTERVAL,
                columns(table),
                filters(table),
                partitions(table),
                config.kafka().topicPartitions(),
                config.source().changes().isPresent(),
                Optional.empty());
    }

    private SkyPartitions partitions(TableConfig table) {
        int partitions = config.kafka().topicPartitions();
        return table.sky().isPresent()
                ? new SkyPartitions(table.catalog().output().lowestOrder(), partitions)
                : SkyPartitions.even(partitions);
    }

    public SkyStream stream(TableConfig table, StageMeter meter) {
        return new SkyStream(streamSettings(table), services.registry(), meter);
    }

    /** Opens where a table's catalog is. */
    public static Store store(TableConfig table) throws IOException {
        return Stores.open(table.catalog().path(), table.catalog().hadoopProperties());
    }

    /**
     * Looks at every table's collection before anything is written.
     *
     * @throws io.skyroll.schemas.failure.SkyrollException when one of them holds something else
     */
    public static void requireOurCollections(PipelineConfig config) throws IOException {
        for (TableConfig table : config.tables()) {
            TableName name = new TableName(config.pipeline(), table.schema(), table.table());
            try (Store store = store(table)) {
                CollectionState.of(store, name).requireOurs(name);
            }
        }
    }

    /** Has readers of a table's catalog see the version that they are to see, where no sink may be at work. */
    public static void pointReaders(PipelineConfig config, TableConfig table, Store store) throws IOException {
        Path scratch = Files.createDirectories(config.dataDirectory().resolve("sink"));
        TableSink.pointReaders(
                Outputs.of(table, config.kafka().topicPartitions()), store, scratch, InstantSource.system());
    }

    public TableSink sink(TableConfig table, Store store, StageMeter meter) throws IOException {
        boolean isRemote = table.catalog().path().contains("://");
        SinkSettings settings = new SinkSettings(
                name(table),
                services.bootstrapServers(),
                clientProperties("sink"),
                Outputs.of(table, config.kafka().topicPartitions()),
                PUBLISH_THREADS,
                config.dataDirectory().resolve("sink"),
                isRemote ? REMOTE_POLL : LOCAL_POLL);
        return new TableSink(settings, store, services.registry(), memory(), meter, InstantSource.system());
    }

    @Override
    public void close() {
        if (memory != null) {
            memory.close();
        }
    }

    /** One for all tables. */
    private RowMemory memory() throws IOException {
        RowMemory shared = memory;
        if (shared == null) {
            Path parent = config.dataDirectory().resolve("spill");
            SpillDirectory directory = SpillDirectory.open(parent);
            long free = Files.getFileStore(parent).getUsableSpace();
            shared = new RowMemory(
                    config.sink().memoryBytes().orElse(Runtime.getRuntime().maxMemory() / HEAP_SHARE),
                    config.sink().spillBytes().orElse(free / DISK_SHARE),
                    directory);
            memory = shared;
        }
        return shared;
    }

    /**
     * A broker in this process has no other members than ours, so each has a name of its own: when the process was killed, the next
     * one takes its place at once and does not wait until it is missed.
     */
    private Map<String, Object> clientProperties(String stage) {
        Map<String, Object> properties = new HashMap<>(config.kafka().properties());
        if (services.isKafkaEmbedded()) {
            properties.putIfAbsent("group.instance.id", stage);
        }
        return properties;
    }
}
