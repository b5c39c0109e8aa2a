package io.skyroll.app.plan;

import io.skyroll.app.config.OutputConfig;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.ChangesConfig;
import io.skyroll.app.config.PipelineConfig.FilterConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.app.plan.PipelinePlan.ColumnPlan;
import io.skyroll.app.plan.PipelinePlan.Disk;
import io.skyroll.app.plan.PipelinePlan.TablePlan;
import io.skyroll.app.run.CollectionState;
import io.skyroll.app.run.Stages;
import io.skyroll.producers.changes.Followable;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.publish.KafkaAccess;
import io.skyroll.producers.snapshot.SkySample;
import io.skyroll.producers.snapshot.SnapshotOutlook;
import io.skyroll.producers.snapshot.SnapshotOutlook.TableOutlook;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType.Kind;
import io.skyroll.schemas.row.Identity;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.parquet.ParquetLeaves;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Makes a plan; reads the database, the cluster if one is named, and collections, and writes nothing anywhere. Single use. */
public final class Planner {
    /** All stages at once in one process on two cores take 130,000 to 175,000 rows a second: bench/README.md. */
    static final long ROWS_PER_SECOND = 100_000;

    /** For the embedded services to start. */
    /** Of a remembered place, on disk: key, cell, position, and as much again for what RocksDB has not merged yet. */
    private static final long PLACE_BYTES = 100;

    private static final long START_SECONDS = 5;

    private final PipelineConfig config;
    private final Connections connections;
    private final List<String> problems = new ArrayList<>();
    private final List<String> warnings = new ArrayList<>();
    private long topicBytes;
    private final List<Disk> disk = new ArrayList<>();

    public Planner(PipelineConfig config, Connections connections) {
        this.config = config;
        this.connections = connections;
    }

    /**
     * Makes the plan.
     *
     * @throws SkyrollException when the database or the cluster does not answer
     */
    public PipelinePlan plan() {
        List<TableRequest> requests = Stages.requests(config);
        SnapshotOutlook outlook =
                SnapshotOutlook.of(connections, requests, config.source().workers(), (int)
                        config.source().chunkBytes());
        problems.addAll(outlook.problems());
        warnings.addAll(outlook.warnings());
        config.source()
                .changes()
                .ifPresent(changes -> problems.addAll(Followable.problems(
                        outlook.tables().stream().map(TableOutlook::table).toList(),
                        Stages.engines(connections, changes))));
        topics(requests.stream().map(TableRequest::name).toList());
        List<TablePlan> tables = new ArrayList<>();
        for (int i = 0; i < outlook.tables().size(); i++) {
            tables.add(table(config.tables().get(i), outlook.tables().get(i)));
        }
        if (config.kafka().bootstrapServers().isEmpty()) {
            disk.add(0, disk("topics", config.dataDirectory().normalize().toString(), topicBytes));
        }
        disk.forEach(this::warnOfSpace);
        long rows = tables.stream().mapToLong(TablePlan::rows).sum();
        long reading = (rows + ROWS_PER_SECOND - 1) / ROWS_PER_SECOND;
        return new PipelinePlan(
                config.pipeline(),
                outlook.server(),
                tables,
                disk,
                START_SECONDS + reading,
                reading,
                config.source().changes().map(ChangesConfig::slot),
                problems,
                warnings);
    }

    private void topics(List<TableName> names) {
        if (config.kafka().bootstrapServers().isEmpty()) {
            return;
        }
        KafkaAccess kafka = new KafkaAccess(
                config.kafka().bootstrapServers().get(), config.kafka().properties());
        List<String> topics = names.stream()
                .flatMap(name -> List.of(name.rowsTopic(), name.skyTopic(), name.rejectsTopic()).stream())
                .toList();
        Map<String, Integer> existing = kafka.partitions(topics);
        for (String topic : topics) {
            int partitions = existing.getOrDefault(topic, config.kafka().topicPartitions());
            if (partitions != config.kafka().topicPartitions()) {
                problems.add(
                        "topic %s has %d partitions, kafka.topic_partitions says %d: set it to %d, or name another pipeline"
                                .formatted(topic, partitions, config.kafka().topicPartitions(), partitions));
            }
        }
    }

    private TablePlan table(TableConfig table, TableOutlook outlook) {
        TableName name = outlook.table().name();
        boolean isRight = check(table, outlook);
        boolean isRead = config.source().readsRows();
        SkySample sample = isRight && isRead
                ? SkySample.take(
                        connections,
                        outlook,
                        table.sky()
                                .map(sky -> List.of(sky.raColumn(), sky.decColumn()))
                                .orElse(List.of()),
                        table.filters().stream().map(FilterConfig::where).toList())
                : new SkySample(1, 0, 0, List.of(), Optional.empty());
        long rows = !isRead
                ? 0
                : isRight
                        ? sample.tableRows(outlook.table().estimatedRows())
                        : outlook.table().estimatedRows();
        double passing = sample.rows() == 0 ? 1 : (double) sample.passing() / sample.rows();
        long published = Math.round(rows * passing);
        long bytes = isRead ? outlook.bytes() + outlook.storedOutOfLineBytes() : 0;
        topicBytes += bytes + Math.round(bytes * passing);
        disk.add(disk("catalog of " + name.qualified(), table.catalog().path(), Math.round(bytes * passing)));
        OutputConfig output = table.catalog().output();
        List<String> notes = new ArrayList<>(outlook.table().notes());
        sample.note().ifPresent(notes::add);
        if (!isRead) {
            notes.add(
                    "its rows are not read (mode: changes): the catalog begins empty, and gets each row with its first change");
        }
        if (table.sky().isPresent()) {
            noteListsOfRecords(outlook.table().rows()).ifPresent(notes::add);
        } else {
            notes.add("no place on the sky: rows are spread and ordered by a hash of their keys");
        }
        return new TablePlan(
                name.qualified(),
                rows,
                isRight && sample.share() == 1,
                bytes,
                published,
                outlook.chunks(),
                outlook.table().rows().keyColumns(),
                identity(table, outlook, rows),
                columns(outlook),
                output instanceof OutputConfig.Hats hats
                        ? Optional.of(LeafForecast.of(sample.places(), published, hats))
                        : Optional.empty(),
                output instanceof OutputConfig.Hats
                        ? Optional.empty()
                        : Optional.of(FilesForecast.of(
                                output,
                                published,
                                Math.round(bytes * passing),
                                config.kafka().topicPartitions())),
                table.catalog().path(),
                output(table, name),
                notes);
    }

    /** What changes tell of old rows, and what that costs. */
    private String identity(TableConfig table, TableOutlook outlook, long rows) {
        String identity = outlook.replicaIdentity();
        if (config.source().changes().isEmpty() || outlook.table().identity().isEmpty()) {
            return identity;
        }
        if (outlook.table().identity().get() == Identity.FULL) {
            return table.sky().isPresent()
                    ? "%s: changes tell the old row, with its place and its large values".formatted(identity)
                    : "%s: changes tell the old row, with its large values".formatted(identity);
        }
        if (outlook.storedOutOfLineBytes() > 0) {
            warnings.add(
                    "%s: it has values that are stored out of line (%,d bytes), and those that do not change are not in the log: %s; ALTER TABLE %s REPLICA IDENTITY FULL before it starts, and the log has them"
                            .formatted(
                                    outlook.table().name().qualified(),
                                    outlook.storedOutOfLineBytes(),
                                    config.source().readsRows()
                                            ? "they are kept in data_dir, and an update of the primary key of such a row stops the table"
                                            : "the first update of such a row stops the table, since rows are not read",
                                    outlook.table().sql()));
        }
        long large = config.source().readsRows() ? outlook.storedOutOfLineBytes() : 0;
        long bytes = large + (table.sky().isPresent() ? rows * PLACE_BYTES : 0);
        if (bytes > 0 || table.sky().isPresent()) {
            disk.add(disk(
                    "%s of %s"
                            .formatted(
                                    table.sky().isPresent() ? "places" : "large values",
                                    outlook.table().name().qualified()),
                    config.dataDirectory().normalize().toString(),
                    bytes));
        }
        String kept = large > 0 ? ", and its large values are kept" : "";
        return table.sky().isPresent()
                ? "%s: changes tell the key only, so each row's place is remembered%s".formatted(identity, kept)
                : "%s: changes tell the key, and by its hash where the row is: no place is remembered%s"
                        .formatted(identity, kept);
    }

    /** Whether the table has the columns that its coordinates and filters need. */
    private boolean check(TableConfig table, TableOutlook outlook) {
        try {
            Stages.check(table, outlook.table().rows());
            return true;
        } catch (SkyrollException wrong) {
            problems.add("%s: %s".formatted(outlook.table().name().qualified(), wrong.getMessage()));
            return false;
        }
    }

    private static Optional<String> noteListsOfRecords(RowSchema rows) {
        List<String> lists = rows.columns().stream()
                .filter(column -> column.type().kind() == Kind.LIST
                        && column.type().element().type().kind() == Kind.RECORD)
                .map(Column::name)
                .toList();
        return lists.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        "LSDB cannot read parts of a catalog with lists of records, as are %s; types.nested: struct_of_lists makes nested frames of them"
                                .formatted(String.join(", ", lists)));
    }

    private static List<ColumnPlan> columns(TableOutlook outlook) {
        List<String> avro = outlook.avroTypes();
        List<String> parquet = new ParquetLeaves(outlook.table().rows()).columnTypes();
        List<ColumnPlan> columns = new ArrayList<>();
        for (int i = 0; i < avro.size(); i++) {
            Column column = outlook.table().rows().columns().get(i);
            columns.add(new ColumnPlan(
                    column.name(), column.type().toString(), column.nullable(), avro.get(i), parquet.get(i)));
        }
        return columns;
    }

    private String output(TableConfig table, TableName name) {
        try (Store store = Stages.store(table)) {
            CollectionState state = CollectionState.of(store, name);
            if (state.foreign().isPresent()) {
                try {
                    state.requireOurs(name);
                } catch (SkyrollException inTheWay) {
                    problems.add(String.valueOf(inTheWay.getMessage()));
                }
                return "holds " + state.foreign().get();
            }
            return state.generation()
                    .map(generation -> "continues generation %d after %s"
                            .formatted(
                                    generation.number(),
                                    state.version()
                                            .map(version -> "version %d of generation %d, the source at %s"
                                                    .formatted(version.number(), version.generation(), version.cut()))
                                            .orElse("no version yet")))
                    .orElse("new");
        } catch (IOException unreadable) {
            problems.add("cannot read %s: %s".formatted(table.catalog().path(), unreadable.getMessage()));
            return "unreadable";
        }
    }

    private static Disk disk(String what, String where, long bytes) {
        return new Disk(what, where, bytes, where.contains("://") ? Optional.empty() : free(Path.of(where)));
    }

    private static Optional<Long> free(Path path) {
        @Nullable Path existing = path.toAbsolutePath();
        while (existing != null && Files.notExists(existing)) {
            existing = existing.getParent();
        }
        try {
            return existing == null
                    ? Optional.empty()
                    : Optional.of(Files.getFileStore(existing).getUsableSpace());
        } catch (IOException unknown) {
            return Optional.empty();
        }
    }

    private void warnOfSpace(Disk place) {
        if (place.free().isPresent() && place.free().get() < place.bytes()) {
            warnings.add("%s: %s has %,d bytes free, and up to %,d are needed"
                    .formatted(place.what(), place.where(), place.free().get(), place.bytes()));
        }
    }
}
