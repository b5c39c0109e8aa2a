package io.skyroll.producers.changes;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;

/** Fails in the middle of something: at a change that is staged, or between two Kafka transactions of one of the database's. */
final class CrashingEngine implements ChangeEngine {
    private final ChangeEngine engine;
    private int changesLeft;
    private int beatsLeft;

    CrashingEngine(ChangeEngine engine, int changes, int beats) {
        this.engine = engine;
        this.changesLeft = changes;
        this.beatsLeft = beats;
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
                    public void change(Change change) {
                        if (changesLeft-- == 0) {
                            throw new IllegalStateException("crash at a change");
                        }
                        taker.change(change);
                    }

                    @Override
                    public void truncate(int table) {
                        taker.truncate(table);
                    }

                    @Override
                    public void commit(long endLsn, Instant time) {
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
            throw new IllegalStateException("crash between two Kafka transactions");
        }
        engine.keepAlive();
    }

    @Override
    public void close() throws SQLException {
        engine.close();
    }
}
