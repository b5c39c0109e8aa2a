package io.skyroll.producers.changes;

import io.skyroll.producers.changes.ChangeSettings.End;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.postgres.TableForms;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;
import org.apache.kafka.clients.admin.Admin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps rows topics equal to the database's tables: a snapshot at first, and from the very place that it was taken at every committed
 * change, read from a replication slot that the server keeps between runs. A run goes on where the last one stopped.
 *
 * <p>Single use. {@link #run} belongs to one thread; {@link #stop()} and meters are thread-safe.
 */
public final class ChangeProducer {
    private static final Logger log = LoggerFactory.getLogger(ChangeProducer.class);
    private static final int STAGED_BYTES = 64 << 20;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final ChangeSettings settings;
    private final SnapshotSettings snapshotSettings;
    private final Connections connections;
    private final SchemaRegistry registry;
    private final EngineOpener engines;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private final SnapshotRunner snapshot;
    private volatile Map<TableName, Position> cuts = Map.of();

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
        this.snapshot = new SnapshotRunner(settings.slot(), snapshot, connections, registry);
    }

    /** The producer of the snapshot: describes the tables, and counts rows and changes. */
    public SnapshotProducer snapshot() {
        return snapshot.producer();
    }

    /** The position of each table's newest cut; without tables that have none yet. */
    public Map<TableName, Position> cuts() {
        return cuts;
    }

    /** Makes {@link #run} end soon. What is not written comes again in the next run. */
    public void stop() {
        stopped.countDown();
        snapshot.stop();
    }

    /**
     * Follows the database until the end that the settings name, or until stopped.
     *
     * @param resnapshot whether the tables are read anew, whatever is there
     * @throws SkyrollException when the source or Kafka refuses or fails, or changes are lost
     */
    public void run(boolean resnapshot) {
        try {
            List<SourceTable> tables = snapshot.producer().inspect();
            Followable.require(tables, engines);
            try (TransactionalWriter writer =
                            TransactionalWriter.ofChanges(snapshotSettings.kafka(), snapshotSettings.pipeline());
                    Session session = Session.open(connections, "skyroll changes control")) {
                Publication.ensure(session, settings.publication(), tables);
                long goal = Long.parseUnsignedLong(session.text("SELECT (pg_current_wal_insert_lsn() - '0/0')::text"));
                ProducerProgress progress =
                        ProducerProgress.read(snapshotSettings.kafka(), registry, snapshotSettings.pipeline());
                Optional<ChangeProgress> last = resnapshot ? Optional.empty() : left(progress, tables);
                if (last.isPresent()) {
                    SlotState.requireFrom(
                            session, settings.slot(), last.get().position().lsn());
                    follow(tables, last.get(), Optional.empty(), writer, goal);
                } else {
                    SlotState.drop(session, settings.slot());
                    SnapshotRunner.Started started = snapshot.start();
                    follow(started.tables(), started.progress(settings.slot()), Optional.of(started), writer, goal);
                }
            }
        } catch (SQLException failure) {
            throw unavailable(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            snapshot.stop();
        }
    }

    /** What an earlier run has left, if all tables have a whole snapshot and their changes behind it. */
    private Optional<ChangeProgress> left(ProducerProgress progress, List<SourceTable> tables) {
        return progress.changes()
                .filter(last -> last.slot().equals(settings.slot())
                        && tables.stream()
                                .map(SourceTable::name)
                                .allMatch(name -> last.of(name).isPresent()
                                        && progress.completed(name).isPresent()));
    }

    private void follow(
            List<SourceTable> tables,
            ChangeProgress start,
            Optional<SnapshotRunner.Started> started,
            TransactionalWriter kafka,
            long goal)
            throws SQLException, InterruptedException {
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
                StageMeter meter = snapshot.producer().meter(table.name());
                followed.add(FollowedTable.of(topic, rows, meter, left));
            }
        }
        Alterations alterations = new Alterations(connections, registry, settings.check());
        ChangeWriter writer = new ChangeWriter(
                kafka, progress, followed, alterations, start, started.isPresent(), settings.transactionBytes());
        List<TableForms> forms = followed.stream()
                .map(table -> new TableForms(connections, table.numbers()))
                .toList();
        try (StagedChanges staged =
                new StagedChanges(settings.directory().resolve(settings.slot() + ".staged"), STAGED_BYTES)) {
            Optional<List<TableRun>> runs = started.map(SnapshotRunner.Started::runs);
            ChangePump pump = new ChangePump(writer, staged, tables, forms, settings.freshness(), runs);
            Duration pause = FIRST_PAUSE;
            while (!isStopped()) {
                try (ChangeEngine engine = engines.open(tables)) {
                    pump.attach(engine);
                    pause = FIRST_PAUSE;
                    if (pump(pump, followed, goal)) {
                        return;
                    }
                } catch (ChangePump.EngineLost whileWriting) {
                    giveUpOrWait(whileWriting.lost(), pause);
                    pause = longer(pause);
                } catch (SQLException lost) {
                    giveUpOrWait(lost, pause);
                    pause = longer(pause);
                }
            }
        }
    }

    /** Moves changes until the end, which is true, or until stopped. */
    private boolean pump(ChangePump pump, List<FollowedTable> followed, long goal) throws SQLException {
        while (!isStopped()) {
            snapshot.check();
            if (snapshot.isCopied() && !pump.isSnapshotEnded()) {
                pump.endSnapshot();
            }
            pump.step();
            if (pump.isSnapshotEnded()) {
                snapshot.cutIsWritten();
                showCuts(followed);
                if (settings.end() == End.CAUGHT_UP && pump.hasReached(goal)) {
                    pump.finish();
                    showCuts(followed);
                    return true;
                }
            }
        }
        return false;
    }

    private void showCuts(List<FollowedTable> followed) {
        Map<TableName, Position> newest = new LinkedHashMap<>();
        followed.forEach(table -> newest.put(table.topic().name(), table.control()));
        if (!newest.equals(cuts)) {
            cuts = Map.copyOf(newest);
        }
    }

    private boolean isStopped() {
        return stopped.getCount() == 0 || Thread.currentThread().isInterrupted();
    }

    private void giveUpOrWait(SQLException lost, Duration pause) throws InterruptedException {
        if (!isWorthAnotherTry(lost)) {
            throw unavailable(lost);
        }
        log.atWarn()
                .addKeyValue("slot", settings.slot())
                .addKeyValue("error", lost.getMessage())
                .log("connection lost, changes are read again from the last that is kept");
        boolean unused = stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    }

    private static Duration longer(Duration pause) {
        Duration twice = pause.multipliedBy(2);
        return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    /** Lost connections, servers that shut down or start, lacking resources, and a slot that the former reader still holds. */
    private static boolean isWorthAnotherTry(SQLException lost) {
        String state = lost.getSQLState();
        return state == null
                || state.startsWith("08")
                || state.startsWith("57P")
                || state.startsWith("53")
                || state.equals("55006");
    }

    private static SkyrollException unavailable(SQLException failure) {
        return SkyrollException.unavailable("the source database: %s".formatted(failure.getMessage()), failure);
    }
}
