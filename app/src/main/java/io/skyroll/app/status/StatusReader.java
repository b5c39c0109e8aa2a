package io.skyroll.app.status;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.ChangesConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.app.run.CollectionState;
import io.skyroll.app.run.Failures;
import io.skyroll.app.run.Stages;
import io.skyroll.app.status.PipelineStatus.LagStatus;
import io.skyroll.app.status.PipelineStatus.SlotStatus;
import io.skyroll.app.status.PipelineStatus.TableStatus;
import io.skyroll.app.status.PipelineStatus.VersionStatus;
import io.skyroll.producers.changes.SlotState;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.publish.GroupLags;
import io.skyroll.producers.publish.KafkaAccess;
import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.consume.SinkSettings;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.Generation;
import io.skyroll.sinks.publish.Pin;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.publish.VersionSummary;
import io.skyroll.sinks.storage.Store;
import io.skyroll.streams.topology.SkyStreamSettings;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;

/**
 * Looks at the catalogs, the database and the Kafka cluster of a pipeline, and writes nothing anywhere. What does not answer is named, and the
 * rest is told all the same. Owned by one thread, for one look.
 */
public final class StatusReader {
    private final PipelineConfig config;
    private final Connections connections;
    private final InstantSource clock;
    /** Of each table's catalog that could be read. */
    private final Map<TableName, Integer> generations = new LinkedHashMap<>();

    private final List<String> attention = new ArrayList<>();
    private final List<String> unreached = new ArrayList<>();

    public StatusReader(PipelineConfig config, Connections connections, InstantSource clock) {
        this.config = config;
        this.connections = connections;
        this.clock = clock;
    }

    /** Looks. */
    public PipelineStatus read() {
        Optional<String> servers = config.kafka().bootstrapServers();
        List<TableStatus> tables = new ArrayList<>();
        for (TableConfig table : config.tables()) {
            attempt("cannot look at " + table.catalog().path(), () -> table(table))
                    .ifPresent(tables::add);
        }
        Optional<List<LagStatus>> lags = servers.flatMap(named -> attempt(
                "the Kafka cluster at " + named,
                () -> lags(new KafkaAccess(named, config.kafka().properties()))));
        boolean isPublished = tables.stream().anyMatch(table -> table.version().isPresent());
        Optional<SlotStatus> slot = config.source()
                .changes()
                .flatMap(changes -> attempt("the source database", () -> slot(changes, isPublished)));
        String kafka = servers.isEmpty()
                ? "embedded: lags are shown by the run itself"
                : lags.isPresent() ? servers.get() : servers.get() + " does not answer";
        return new PipelineStatus(config.pipeline(), tables, slot, kafka, lags.orElse(List.of()), attention, unreached);
    }

    private TableName name(TableConfig table) {
        return new TableName(config.pipeline(), table.schema(), table.table());
    }

    private TableStatus table(TableConfig table) throws IOException {
        TableName name = name(table);
        try (Store store = Stages.store(table)) {
            CollectionState state = CollectionState.of(store, name);
            state.foreign()
                    .ifPresent(found -> attention.add("%s holds %s, not the one of table %s"
                            .formatted(state.location(), found, name.qualified())));
            Chain chain = new Chain(store);
            Optional<VersionStatus> version = Optional.empty();
            if (state.foreign().isEmpty() && state.version().isPresent()) {
                version = Optional.of(version(table, chain, state.version().get()));
            }
            Optional<Pin> pin = chain.pin();
            Optional<String> pinned = pin.isEmpty()
                    ? Optional.empty()
                    : chain.version(pin.get().generation(), pin.get().version())
                            .map(held -> held.directory(table.catalog().name()));
            generations.put(name, state.generation().map(Generation::number).orElse(1));
            return new TableStatus(name.qualified(), table.catalog().path(), version, pinned, chain.isPaused());
        }
    }

    private VersionStatus version(TableConfig table, Chain chain, Version newest) throws IOException {
        VersionSummary summary = VersionSummary.of(chain, newest);
        return new VersionStatus(
                newest.generation(),
                newest.number(),
                newest.directory(table.catalog().name()),
                newest.cut().toString(),
                summary.cutTime().toString(),
                Duration.between(summary.cutTime(), clock.instant()).toSeconds(),
                newest.created().toString(),
                summary.rows());
    }

    /** Of every table's stream and sink whose topics exist. */
    private List<LagStatus> lags(KafkaAccess kafka) {
        List<Reader> readers = new ArrayList<>();
        generations.forEach((table, generation) -> {
            readers.add(new Reader(table, "stream", SkyStreamSettings.applicationId(table), table.rowsTopic()));
            readers.add(new Reader(table, "sink", SinkSettings.group(table, generation), table.skyTopic()));
        });
        Map<String, Long> lags =
                GroupLags.of(kafka, readers.stream().collect(Collectors.toMap(Reader::group, Reader::topic)));
        return readers.stream()
                .filter(reader -> lags.containsKey(reader.group()))
                .map(reader -> new LagStatus(
                        reader.table().qualified(),
                        reader.stage(),
                        reader.topic(),
                        lags.getOrDefault(reader.group(), 0L)))
                .toList();
    }

    /** A consumer group and its topic. */
    private record Reader(TableName table, String stage, String group, String topic) {}

    private SlotStatus slot(ChangesConfig changes, boolean isPublished) throws SQLException {
        String name = changes.slot();
        Optional<SlotState> found;
        try (Session session = Session.open(connections, "skyroll status")) {
            found = SlotState.of(session, name);
        }
        if (found.isEmpty()) {
            if (isPublished) {
                attention.add(
                        "the replication slot %s is missing: changes since the published versions are lost, and 'skyroll run --resnapshot' reads the tables anew"
                                .formatted(name));
            }
            return new SlotStatus(name, "missing", Optional.empty(), 0, Optional.empty(), "", 0);
        }
        SlotState slot = found.get();
        if (slot.isLost()) {
            attention.add(
                    "the server has invalidated the replication slot %s: changes are lost to it, and 'skyroll run --resnapshot' reads the tables anew"
                            .formatted(name));
        } else if (changes.budget().isHalfUsed(slot)) {
            attention.add(changes.budget().describe(name, slot));
        }
        OptionalLong left = changes.budget().left(slot);
        return new SlotStatus(
                name,
                slot.walStatus(),
                slot.activePid(),
                slot.retainedBytes(),
                left.isPresent() ? Optional.of(left.getAsLong()) : Optional.empty(),
                SlotState.text(slot.confirmed()),
                slot.behindBytes());
    }

    /** What something says of itself; nothing, and a line about it, when it does not answer. */
    private <T> Optional<T> attempt(String what, Callable<T> look) {
        try {
            return Optional.of(look.call());
        } catch (Exception failure) {
            SkyrollException told = failure instanceof SQLException
                    ? SkyrollException.unavailable("%s: %s".formatted(what, failure.getMessage()), failure)
                    : Failures.of(what, failure);
            if (told.kind() != FailureKind.UNAVAILABLE) {
                throw told;
            }
            unreached.add(String.valueOf(told.getMessage()));
            return Optional.empty();
        }
    }
}
