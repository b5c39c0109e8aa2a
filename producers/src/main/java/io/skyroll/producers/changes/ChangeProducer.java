package io.skyroll.producers.changes;

import io.skyroll.producers.changes.ChangeSettings.End;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.postgres.TableForms;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.publish.ChangeProgress;
import io.skyroll.producers.publish.ChangeProgress.TableChanges;
import io.skyroll.producers.publish.ProducerProgress;
import io.skyroll.producers.publish.ProgressTopic;
import io.skyroll.producers.publish.RowsTopic;
import io.skyroll.producers.publish.TableRun;
import io.skyroll.producers.publish.TransactionalWriter;
import io.skyroll.producers.snapshot.SnapshotProducer;
import io.skyroll.producers.snapshot.SnapshotSettings;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.topic.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;

/**
 * Keeps rows topics equal to the database's tables: a snapshot at first, and from the very place that it was taken at every committed
 * change, read from a replication slot that the server keeps between runs. A run goes on where the last one stopped.
 *
 * <p>Single use. {@link #inspect} and {@link #run} belong to one thread at a time; {@link #stop()} and what it tells are thread-safe.
 */
public final class ChangeProducer {
    private static final int STAGED_BYTES = 64 << 20;

    private final ChangeSettings settings;
    private final SnapshotSettings snapshotSettings;
    private final Connections connections;
    private final SchemaRegistry registry;
    private final EngineOpener engines;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile SnapshotRunner all;
    private List<SourceTable> inspected = List.of();
    /** Tables that are not followed since an earlier run. */
    private volatile List<TableChanges> left = List.of();

    private volatile SnapshotRunner snapshot;
    private final SlotWatch watch;
    private final TableStates states = new TableStates();

    /** @param snapshot what is read, and where to */
    public ChangeProducer(
            ChangeSettings settings,
            SnapshotSettings snapshot,
            Connections connections,
            SchemaRegistry registry,
            EngineOpener engines) {
        this.settings = settings;
        this.snapshotSettings = snapshot;
        this.connections = connections;
        this.registry = registry;
        this.engines = engines;
        this.all = new SnapshotRunner(Optional.of(settings.slot()), snapshot, connections, registry);
        this.snapshot = all;
        this.watch = new SlotWatch(connections, settings.slot(), settings.budget());
    }

    /**
     * Looks at the tables that are to be followed. Those that an earlier run has stopped to follow are left out.
     *
     * @param anew tables that are followed again whatever was, since they are to be read anew
     * @throws SkyrollException when one of them cannot be read
     */
    public List<SourceTable> inspect(Set<TableName> anew) {
        ProducerProgress progress =
                ProducerProgress.read(snapshotSettings.kafka(), registry, snapshotSettings.pipeline());
        List<TableName> wanted =
                snapshotSettings.tables().stream().map(TableRequest::name).toList();
        left = progress.changes().map(ChangeProgress::tables).orElse(List.of()).stream()
                .filter(table -> table.stopped().isPresent() && wanted.contains(table.table()))
                .filter(table -> !anew.contains(table.table()))
                .toList();
        Set<TableName> followed = new LinkedHashSet<>(wanted);
        left.forEach(table -> followed.remove(table.table()));
        all = new SnapshotRunner(Optional.of(settings.slot()), snapshotSettings.of(followed), connections, registry);
        snapshot = all;
        states.show(left, List.of());
        inspected = all.producer().inspect();
        return inspected;
    }

    /** The producer of the snapshot: counts rows and changes. */
    public SnapshotProducer snapshot() {
        return all.producer();
    }

    /** Rows and changes of all tables by now. */
    public long rows() {
        SnapshotRunner some = snapshot;
        return all.producer().rows() + (some == all ? 0 : some.producer().rows());
    }

    /** The position of each table's newest cut; without tables that have none yet. */
    public Map<TableName, Position> cuts() {
        return states.cuts();
    }

    /** Tables that are not followed any more, and why, until they are read anew. */
    public Map<TableName, String> stopped() {
        return states.stopped();
    }

    /** The slot as it was seen last, some seconds ago; empty before the first look. */
    public Optional<SlotState> slot() {
        return watch.newest();
    }

    /** What has happened since the last call that people should read, a line each. */
    public List<String> news() {
        return watch.news();
    }

    /** Makes {@link #run} end soon. What is not written comes again in the next run. */
    public void stop() {
        stopped.countDown();
        snapshot.stop();
    }

    /** Follows the database until the end that the settings name, or until stopped; reads what was not read whole before. */
    public void run() {
        run(Set.of());
    }

    /**
     * Follows the database until the end that the settings name, or until stopped.
     *
     * @param anew the tables that are read anew, whatever is there
     * @throws SkyrollException when the source or Kafka refuses or fails, or changes are lost
     */
    public void run(Set<TableName> anew) {
        try {
            List<SourceTable> tables = inspected.isEmpty() ? inspect(anew) : inspected;
            Followable.require(tables, engines);
            try (TransactionalWriter writer =
                            TransactionalWriter.ofChanges(snapshotSettings.kafka(), snapshotSettings.pipeline());
                    SlotWatch control = watch) {
                Session session = control.session();
                Publication.ensure(session, settings.publication(), tables);
                long goal = Long.parseUnsignedLong(session.text("SELECT (pg_current_wal_insert_lsn() - '0/0')::text"));
                ProducerProgress progress =
                        ProducerProgress.read(snapshotSettings.kafka(), registry, snapshotSettings.pipeline());
                Optional<ChangeProgress> last =
                        progress.changes().filter(changes -> changes.slot().equals(settings.slot()));
                Set<TableName> unread = unread(tables, progress, last, anew);
                if (last.isEmpty() || unread.size() == tables.size()) {
                    SlotState.drop(session, settings.slot());
                    SnapshotRunner.Started started = all.start();
                    follow(tables, started.progress(settings.slot()), Optional.of(started), writer, goal);
                    return;
                }
                snapshotSettings.requireRead(progress, unread);
                SlotState.requireFrom(
                        session, settings.slot(), last.get().position().lsn());
                if (unread.isEmpty()) {
                    follow(tables, last.get(), Optional.empty(), writer, goal);
                    return;
                }
                snapshot = new SnapshotRunner(Optional.empty(), snapshotSettings.of(unread), connections, registry);
                SnapshotRunner.Started started = snapshot.start();
                follow(tables, started.progress(last.get()), Optional.of(started), writer, goal);
            }
        } catch (SQLException failure) {
            throw unavailable(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            snapshot.stop();
        }
    }

    /** The tables of which an earlier run has not left a whole snapshot with its changes behind it, or that are to be read anew. */
    private static Set<TableName> unread(
            List<SourceTable> tables, ProducerProgress progress, Optional<ChangeProgress> last, Set<TableName> anew) {
        return tables.stream()
                .map(SourceTable::name)
                .filter(name -> anew.contains(name)
                        || progress.completed(name).isEmpty()
                        || last.flatMap(changes -> changes.of(name)).isEmpty())
                .collect(Collectors.toUnmodifiableSet());
    }

    private void follow(
            List<SourceTable> inspected,
            ChangeProgress start,
            Optional<SnapshotRunner.Started> started,
            TransactionalWriter kafka,
            long goal)
            throws SQLException, InterruptedException {
        List<SourceTable> tables = inspected.stream()
                .map(table -> started.map(read -> read.table(table)).orElse(table))
                .toList();
        List<FollowedTable> followed = new ArrayList<>();
        ProgressTopic progress;
        try (Admin admin = snapshotSettings.kafka().admin()) {
            progress = ProgressTopic.open(admin, registry, snapshotSettings.pipeline());
            for (SourceTable table : tables) {
                TableChanges left = start.of(table.name()).orElseThrow();
                Schema rows = registry.schema(left.schemaId());
                FollowedTable.requireIdentity(table, rows);
                RowsTopic topic =
                        RowsTopic.open(admin, registry, table.name(), rows, snapshotSettings.topicPartitions());
                StageMeter meter = all.producer().meter(table.name());
                followed.add(FollowedTable.of(topic, rows, meter, left));
            }
        }
        started.ifPresent(read -> read.runs().forEach(run -> followed.stream()
                .filter(table -> table.topic().name().equals(run.topic().name()))
                .forEach(table -> table.readAnew(run.position()))));
        Alterations alterations = new Alterations(connections, registry, settings.check());
        ChangeWriter writer =
                new ChangeWriter(kafka, progress, followed, alterations, start, left, settings.transactionBytes());
        List<TableForms> forms = followed.stream()
                .map(table -> new TableForms(connections, table.numbers()))
                .toList();
        try (StagedChanges staged =
                        new StagedChanges(settings.directory().resolve(settings.slot() + ".staged"), STAGED_BYTES);
                AlterationWatch altered = new AlterationWatch(connections, tables)) {
            Optional<List<TableRun>> runs = started.map(SnapshotRunner.Started::runs);
            ChangePump pump = new ChangePump(writer, staged, tables, forms, altered, settings.freshness(), runs);
            Reconnection reconnection = new Reconnection(settings.slot(), stopped);
            while (!isStopped()) {
                try (ChangeEngine engine = attach(tables, writer)) {
                    pump.attach(engine);
                    reconnection.connected();
                    if (pump(pump, writer, followed, goal)) {
                        return;
                    }
                } catch (ChangePump.EngineLost whileWriting) {
                    awaitServer(reconnection, whileWriting.lost(), writer);
                } catch (SlotWatch.OverLimit over) {
                    throw watch.giveUp(over);
                } catch (SQLException lost) {
                    awaitServer(reconnection, lost, writer);
                }
            }
        }
    }

    private ChangeEngine attach(List<SourceTable> tables, ChangeWriter writer) throws SQLException {
        watch.requireFrom(writer.position().lsn());
        return engines.open(tables);
    }

    /** Moves changes until the end, which is true, or until stopped. */
    private boolean pump(ChangePump pump, ChangeWriter writer, List<FollowedTable> followed, long goal)
            throws SQLException {
        while (!isStopped()) {
            watch.look(writer.position().lsn());
            snapshot.check();
            if (snapshot.isCopied() && !pump.isSnapshotEnded()) {
                pump.endSnapshot();
            }
            pump.step();
            states.show(left, followed);
            if (pump.isSnapshotEnded()) {
                snapshot.cutIsWritten();
                if (settings.end() == End.CAUGHT_UP && pump.hasReached(goal)) {
                    pump.finish();
                    states.show(left, followed);
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isStopped() {
        return stopped.getCount() == 0 || Thread.currentThread().isInterrupted();
    }

    private void awaitServer(Reconnection reconnection, SQLException lost, ChangeWriter writer)
            throws InterruptedException {
        if (!Reconnection.isWorthAnotherTry(lost)) {
            watch.explain(lost, writer.position().lsn());
            throw unavailable(lost);
        }
        reconnection.await(lost);
    }

    private static SkyrollException unavailable(SQLException failure) {
        return SkyrollException.unavailable("the source database: %s".formatted(failure.getMessage()), failure);
    }
}
