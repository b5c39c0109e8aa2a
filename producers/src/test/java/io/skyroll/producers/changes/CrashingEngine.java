package io.skyroll.producers.changes;

import io.skyroll.producers.postgres.SeenColumn;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * Something goes wrong in its middle: at a change that is staged, between two Kafka transactions of one of the database's, or before
 * anything has come.
 */
final class CrashingEngine implements ChangeEngine {
    private final ChangeEngine engine;
    private final Runnable accident;
    private int changesLeft;
    private int beatsLeft;
    private int pollsLeft;

    private CrashingEngine(ChangeEngine engine, int changes, int beats, int polls, Runnable accident) {
        this.pollsLeft = polls;
        this.engine = engine;
        this.accident = accident;
        this.changesLeft = changes;
        this.beatsLeft = beats;
    }

    /** Throws when so many changes, or so many calls to keep alive, were. */
    static CrashingEngine at(ChangeEngine engine, int changes, int beats) {
        return new CrashingEngine(engine, changes, beats, 0, () -> {
            throw new IllegalStateException("crash");
        });
    }

    /** Has something happen when so many changes were. */
    static CrashingEngine atChange(ChangeEngine engine, int changes, Runnable accident) {
        return new CrashingEngine(engine, changes, Integer.MAX_VALUE, 0, accident);
    }

    /** Has delivered nothing at the first poll; has something happen before the second, and waits for what comes of it. */
    static CrashingEngine atSecondPoll(ChangeEngine engine, Runnable accident) {
        return new CrashingEngine(engine, Integer.MAX_VALUE, Integer.MAX_VALUE, 2, accident);
    }

    @Override
    public void poll(ChangeTaker taker, Duration patience) throws SQLException {
        if (pollsLeft > 0) {
            pollsLeft--;
            if (pollsLeft > 0) {
                return;
            }
            accident.run();
            poll(taker, patience.plusSeconds(10));
            return;
        }
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
        return pollsLeft > 0 ? 0 : engine.delivered();
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
