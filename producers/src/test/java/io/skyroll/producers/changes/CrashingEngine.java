package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.SeenColumn;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Something goes wrong in its middle: at a change that is staged, or between two Kafka transactions of one of the database's. */
final class CrashingEngine implements ChangeEngine {
    private final ChangeEngine engine;
    private final Runnable accident;
    private int changesLeft;
    private int beatsLeft;

    private CrashingEngine(ChangeEngine engine, int changes, int beats, Runnable accident) {
        this.engine = engine;
        this.accident = accident;
        this.changesLeft = changes;
        this.beatsLeft = beats;
    }

    /** Throws when so many changes, or so many calls to keep alive, were. */
    static CrashingEngine at(ChangeEngine engine, int changes, int beats) {
        return new CrashingEngine(engine, changes, beats, () -> {
            throw new IllegalStateException("crash");
        });
    }

    /** Has something happen when so many changes were. */
    static CrashingEngine atChange(ChangeEngine engine, int changes, Runnable accident) {
        return new CrashingEngine(engine, changes, Integer.MAX_VALUE, accident);
    }

    @Override
    public void poll(ChangeTaker taker, Duration patience) throws SQLException {
        engine.poll(
                new ChangeTaker() {
                    @Override
                    public void begin() {
                        taker.begin();
                    }

                    @Override
                    public Optional<SourceTable> form(int table, List<? extends SeenColumn> seen) throws SQLException {
                        return taker.form(table, seen);
                    }

                    @Override
                    public void refuse(int table, Optional<SkyrollException> why) {
                        taker.refuse(table, why);
                    }

                    @Override
                    public void change(Change change) {
                        if (changesLeft-- == 0) {
                            accident.run();
                        }
                        taker.change(change);
                    }

                    @Override
                    public void truncate(int table) {
                        taker.truncate(table);
                    }

                    @Override
                    public void commit(long endLsn, Instant time) throws SQLException {
                        taker.commit(endLsn, time);
                    }
                },
                patience);
    }

    @Override
    public long delivered() {
        return engine.delivered();
    }

    @Override
    public void acknowledge(long lsn) throws SQLException {
        engine.acknowledge(lsn);
    }

    @Override
    public void keepAlive() throws SQLException {
        if (--beatsLeft == 0) {
            accident.run();
        }
        engine.keepAlive();
    }

    @Override
    public void close() throws SQLException {
        engine.close();
    }
}
