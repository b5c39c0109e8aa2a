package io.skyroll.producers.changes;

import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How long to wait for a server that has gone away, until it is tried again. Owned by one thread. */
final class Reconnection {
    private static final Logger log = LoggerFactory.getLogger(Reconnection.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(500);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

    private final String slot;
    private final CountDownLatch stopped;
    private Duration pause = FIRST_PAUSE;

    /** @param stopped ends every pause */
    Reconnection(String slot, CountDownLatch stopped) {
        this.slot = slot;
        this.stopped = stopped;
    }

    /** The server is there: the next pause is short again. */
    void connected() {
        pause = FIRST_PAUSE;
    }

    /** Waits, each time twice as long as before. */
    void await(SQLException lost) throws InterruptedException {
        log.atWarn()
                .addKeyValue("slot", slot)
                .addKeyValue("error", lost.getMessage())
                .log("connection lost, changes are read again from the last that is kept");
        boolean unused = stopped.await(pause.toMillis(), TimeUnit.MILLISECONDS);
        Duration twice = pause.multipliedBy(2);
        pause = twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
    }

    /** Lost connections, servers that shut down or start, lacking resources, and a slot that the former reader still holds. */
    static boolean isWorthAnotherTry(SQLException lost) {
        String state = lost.getSQLState();
        return state == null
                || state.startsWith("08")
                || state.startsWith("57P")
                || state.startsWith("53")
                || state.equals("55006");
    }
}
