package io.skyroll.producers.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.producers.changes.ChangeSettings.End;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.publish.Packing;
import io.skyroll.producers.publish.RowWriter.RecordForm;
import io.skyroll.producers.snapshot.LiveStack;
import io.skyroll.producers.snapshot.LiveStack.Database;
import io.skyroll.producers.snapshot.SnapshotSettings;
import io.skyroll.producers.snapshot.SnapshotSettings.Content;
import io.skyroll.producers.snapshot.TopicContent;
import io.skyroll.producers.snapshot.TopicContent.Entry;
import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericRecord;

/** A database, a pipeline that follows it, and what stands in its rows topics. */
final class FollowedDatabase {
    static final int PARTITIONS = 3;

    private final LiveStack servers = LiveStack.shared();
    private final String pipeline;
    private final Path directory;
    private final BiFunction<Database, String, EngineOpener> engines;
    private final Database database;

    /**
     * Makes a database with an empty table stars.
     *
     * @param engines makes engines from a database and a slot; the publication is called "published"
     */
    FollowedDatabase(String pipeline, Path directory, BiFunction<Database, String, EngineOpener> engines)
            throws Exception {
        this.pipeline = pipeline;
        this.directory = directory;
        this.engines = engines;
        database = servers.newDatabase(pipeline.toLowerCase(Locale.ROOT));
        database.execute("CREATE TABLE stars (id bigint PRIMARY KEY, name text)");
    }

    private FollowedDatabase(
            FollowedDatabase other, String pipeline, BiFunction<Database, String, EngineOpener> engines) {
        this.pipeline = pipeline;
        this.engines = engines;
        directory = other.directory;
        database = other.database;
    }

    /** Another pipeline that follows the same database. */
    FollowedDatabase as(String other, BiFunction<Database, String, EngineOpener> otherEngines) {
        return new FollowedDatabase(this, other, otherEngines);
    }

    /** The same pipeline with other engines. */
    FollowedDatabase with(BiFunction<Database, String, EngineOpener> otherEngines) {
        return new FollowedDatabase(this, pipeline, otherEngines);
    }

    Database database() {
        return database;
    }

    void execute(String... commands) throws Exception {
        database.execute(commands);
    }

    TableName stars() {
        return name("stars");
    }

    TableName name(String table) {
        return new TableName(pipeline, "public", table);
    }

    String slot() {
        return "slot_" + pipeline.toLowerCase(Locale.ROOT);
    }

    EngineOpener engines() {
        return engines.apply(database, slot());
    }

    /** Writes what was committed before, of the table stars. */
    void catchUp() {
        catchUp("stars");
    }

    Map<TableName, Position> catchUp(String... tables) {
        return run(false, tables);
    }

    /** Reads one of the tables anew. */
    ChangeProducer readAnew(String table, String... tables) {
        ChangeProducer producer = producer(engines(), tables);
        producer.run(Set.of(name(table)));
        return producer;
    }

    Map<TableName, Position> run(boolean resnapshot, String... tables) {
        ChangeProducer producer = producer(engines(), tables);
        producer.run(resnapshot ? Stream.of(tables).map(this::name).collect(Collectors.toSet()) : Set.of());
        return producer.cuts();
    }

    ChangeProducer producerWithoutEnd(EngineOpener opener, String... tables) {
        return producer(Content.ROWS, opener, End.NEVER, WalBudget.ofServer(), tables);
    }

    ChangeProducer producer(EngineOpener opener, String... tables) {
        return producer(Content.ROWS, opener, End.CAUGHT_UP, WalBudget.ofServer(), tables);
    }

    ChangeProducer producer(EngineOpener opener, WalBudget budget, String... tables) {
        return producer(Content.ROWS, opener, End.CAUGHT_UP, budget, tables);
    }

    ChangeProducer producer(Content content, EngineOpener opener, String... tables) {
        return producer(content, opener, End.CAUGHT_UP, WalBudget.ofServer(), tables);
    }

    private ChangeProducer producer(Content content, EngineOpener opener, End end, WalBudget budget, String... tables) {
        List<TableRequest> requests = new ArrayList<>();
        for (String table : tables) {
            requests.add(TableRequest.table(name(table)).follow());
        }
        return new ChangeProducer(
                new ChangeSettings(
                        slot(),
                        "published",
                        Duration.ofMillis(200),
                        directory,
                        64 << 10,
                        budget,
                        end,
                        (name, rows) -> {}),
                new SnapshotSettings(
                        pipeline,
                        requests,
                        PARTITIONS,
                        SnapshotSettings.DEFAULT_WORKERS,
                        SnapshotSettings.DEFAULT_CHUNK_BYTES,
                        new RecordForm(Packing.BATCHES, SnapshotSettings.DEFAULT_RECORD_BYTES),
                        servers.kafka(),
                        content),
                database,
                servers.registry(),
                opener);
    }

    TopicContent content(TableName table) throws Exception {
        return TopicContent.read(servers.bootstrapServers(), servers.registry(), table.rowsTopic());
    }

    /** The rows of the table stars, by their key. */
    Map<String, List<String>> table() throws Exception {
        Map<String, List<String>> rows = new TreeMap<>();
        database.query("SELECT * FROM stars").forEach(row -> rows.put(row.get(0), row));
        return rows;
    }

    /** What a reader has who applies each record in turn: rows by their key. */
    static Map<String, List<String>> state(TopicContent content) {
        Map<String, List<String>> state = new HashMap<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Map<String, List<String>> rows = new HashMap<>();
            for (Entry entry : content.partition(partition)) {
                switch (entry.op()) {
                    case RESET -> rows.clear();
                    case CUT -> {}
                    case DELETE -> rows.remove(
                            entry.key().orElseThrow().get("id").toString());
                    default -> entry.rows()
                            .forEach(row -> rows.put(row.get("id").toString(), values(row)));
                }
            }
            state.putAll(rows);
        }
        return new TreeMap<>(state);
    }

    private static List<String> values(GenericRecord row) {
        return row.getSchema().getFields().stream()
                .map(field -> String.valueOf(row.get(field.pos())))
                .toList();
    }

    /** Each cut names the control record before it, and counts the rows between both. */
    static void assertCutsCount(TopicContent content) {
        for (int partition = 0; partition < PARTITIONS; partition++) {
            long rows = 0;
            Optional<Position> last = Optional.empty();
            for (Entry entry : content.partition(partition)) {
                if (!entry.op().isControl()) {
                    rows += entry.op() == Op.DELETE ? 1 : entry.rows().size();
                    continue;
                }
                Control control = entry.control().orElseThrow();
                if (control.kind() == Control.Kind.CUT) {
                    assertThat(control.rows()).isEqualTo(rows);
                    assertThat(control.since()).isEqualTo(last);
                }
                last = Optional.of(control.position());
                rows = 0;
            }
        }
    }

    /** Rows of the table stars between two cuts have the schema of the latter. */
    void assertOneFormBetweenCuts() throws Exception {
        TopicContent content = content(stars());
        for (int partition = 0; partition < PARTITIONS; partition++) {
            List<Schema> since = new ArrayList<>();
            for (Entry entry : content.partition(partition)) {
                entry.rows().forEach(row -> since.add(row.getSchema()));
                if (entry.op() == Op.CUT) {
                    int id = entry.control().orElseThrow().schemaId();
                    Schema cut = servers.registry().schema(id);
                    assertThat(since).allMatch(cut::equals);
                    since.clear();
                }
            }
        }
    }
}
