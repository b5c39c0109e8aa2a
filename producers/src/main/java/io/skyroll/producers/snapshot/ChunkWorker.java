package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.Session;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Queue;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes chunks from a queue that it shares with other workers, until none is left. When its connection is lost it joins the
 * snapshot again and reads the chunk anew. Owned by its own thread, except {@link #cut()}.
 */
final class ChunkWorker {
    private static final Logger log = LoggerFactory.getLogger(ChunkWorker.class);
    private static final int ATTEMPTS = 6;
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    private final int number;
    private final ConsistentPoint point;
    private final Queue<Chunk> queue;
    private final IntFunction<TableCopy> copies;
    private final StopSignal stop;
    private volatile @Nullable Session session;
    private @Nullable TableCopy current;
    private int currentTable = -1;

    /** @param copies gives a new reader of the table with an index */
    ChunkWorker(int number, ConsistentPoint point, Queue<Chunk> queue, IntFunction<TableCopy> copies, StopSignal stop) {
        this.number = number;
        this.point = point;
        this.queue = queue;
        this.copies = copies;
        this.stop = stop;
        this.session = point.worker(number);
    }

    void run() {
        try {
            for (Chunk chunk = queue.poll(); chunk != null; chunk = queue.poll()) {
                stop.check();
                copy(chunk);
            }
        } catch (SQLException failure) {
            throw SkyrollException.unavailable(
                    "snapshot worker %d: %s".formatted(number, failure.getMessage()), failure);
        } finally {
            drop();
        }
    }

    private void copy(Chunk chunk) throws SQLException {
        Duration pause = FIRST_PAUSE;
        for (int attempt = 1; ; attempt++) {
            try {
                tableCopy(chunk.table()).copy(session(), chunk);
                return;
            } catch (SQLException lost) {
                drop();
                stop.check();
                if (attempt == ATTEMPTS || !isWorthAnotherTry(lost)) {
                    throw SkyrollException.unavailable(
                            "%s, blocks from %d: attempt %d failed: %s"
                                    .formatted(chunk.relation().sql(), chunk.firstBlock(), attempt, lost.getMessage()),
                            lost);
                }
                log.atWarn()
                        .addKeyValue("table", chunk.relation().sql())
                        .addKeyValue("chunk", chunk.number())
                        .addKeyValue("attempt", attempt)
                        .addKeyValue("error", lost.getMessage())
                        .log("connection lost, chunk is read again");
                stop.pause(pause);
                pause = pause.multipliedBy(2);
            }
        }
    }

    /** Lost connections, servers that shut down or start, lacking resources, and a lock that somebody is waiting for. */
    private static boolean isWorthAnotherTry(SQLException failure) {
        String state = failure.getSQLState();
        return state == null
                || state.startsWith("08")
                || state.startsWith("57P")
                || state.startsWith("53")
                || state.equals("55P03");
    }

    private TableCopy tableCopy(int table) {
        TableCopy copy = current;
        if (copy == null || currentTable != table) {
            copy = copies.apply(table);
            current = copy;
            currentTable = table;
        }
        return copy;
    }

    private Session session() throws SQLException {
        Session open = session;
        if (open == null) {
            open = point.join(number);
            session = open;
        }
        return open;
    }

    /** Cuts the connection, so that a worker that waits for the database fails. For other threads. */
    void cut() throws SQLException {
        Session open = session;
        if (open != null) {
            open.abort();
        }
    }

    private void drop() {
        Session open = session;
        session = null;
        if (open != null) {
            try {
                // A COPY may be under way: close() would wait for its end.
                open.abort();
            } catch (SQLException alreadyBroken) {
                log.atDebug()
                        .addKeyValue("error", alreadyBroken.getMessage())
                        .log("lost connection could not be closed");
            }
        }
    }
}
