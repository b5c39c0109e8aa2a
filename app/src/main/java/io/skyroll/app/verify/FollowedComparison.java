package io.skyroll.app.verify;

import io.skyroll.app.config.PipelineConfig.ChangesConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.app.run.Stages;
import io.skyroll.app.verify.SourceComparison.Outcome;
import io.skyroll.app.verify.SourceComparison.Side;
import io.skyroll.producers.pgoutput.TableAtLsn;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.Manifest;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Compares a catalog that follows its table with that table, while both go on: with the table as it was at the very place in the
 * database's log that a version shows. The table is looked at first, and then a version is waited for that is as new; what was committed
 * in between is added to what was looked at.
 *
 * <p>A table that nothing happens to gets no new version, so the newest one is compared with what was looked at too. Owned by one thread.
 */
public final class FollowedComparison {
    private static final Duration POLL = Duration.ofMillis(500);
    /** A version follows its cut within this time, as a rule; if not, rows are read twice. */
    private static final Duration PUBLISHING = Duration.ofSeconds(2);
    /** Of the heap, for rows that were changed while rows were compared. */
    private static final int HEAP_SHARE = 4;

    private final Store store;
    private final Chain chain;
    private final TableConfig table;
    private final TableAtLsn source;
    private final ChangesConfig changes;
    private final Duration patience;
    private @Nullable Checksum checksum;

    private FollowedComparison(
            Store store, TableConfig table, TableAtLsn source, ChangesConfig changes, Duration patience) {
        this.store = store;
        this.chain = new Chain(store);
        this.table = table;
        this.source = source;
        this.changes = changes;
        this.patience = patience;
    }

    /** How long a pipeline may take to read what was committed, and again to publish it. */
    public static Duration patience(ChangesConfig changes) {
        return changes.freshness().multipliedBy(2).plusSeconds(30);
    }

    /**
     * Compares. Where the table's changes cannot be read, since the role may not make a replication slot or none is free, it compares with
     * the table as it is now.
     *
     * @param store of the table's collection
     * @param patience how long the pipeline may take to read what was committed, and again to publish it
     * @throws SkyrollException when the database does not answer, there is no version yet, or what was committed meanwhile is not told or
     *     too much
     */
    public static SourceComparison of(
            Store store,
            TableConfig table,
            TableRequest request,
            Connections connections,
            ChangesConfig changes,
            Duration patience)
            throws IOException {
        TableAtLsn opened;
        try {
            opened = TableAtLsn.open(
                    connections,
                    request,
                    changes.publication(),
                    Runtime.getRuntime().maxMemory() / HEAP_SHARE);
        } catch (SkyrollException refused) {
            if (refused.kind() != FailureKind.CONFIGURATION) {
                throw refused;
            }
            SourceComparison now = SourceComparison.of(store, table, request, connections);
            return new SourceComparison(
                    now.outcome(),
                    "%s; so the table is compared as it is now%n%s".formatted(refused.getMessage(), now.text()));
        }
        try (TableAtLsn source = opened) {
            return new FollowedComparison(store, table, source, changes, patience).compare();
        }
    }

    private SourceComparison compare() throws IOException {
        // While nobody follows the table, nothing newer comes.
        Duration usual = source.isRead(changes.slot()) ? changes.freshness().plus(PUBLISHING) : Duration.ZERO;
        long due = System.nanoTime() + (usual.compareTo(patience) < 0 ? usual : patience).toNanos();
        long deadline = System.nanoTime() + patience.toNanos();
        boolean isKept = false;
        @Nullable PublishedRows older = null;
        while (true) {
            Version newest = PublishedRows.newestVersion(store, chain);
            boolean isKnown = older != null && older.version().equals(newest);
            if (!isKnown && (isAsNew(newest) || isPast(due))) {
                PublishedRows rows = PublishedRows.newest(store);
                if (isAsNew(rows.version())) {
                    advanceTo(rows.version().cut().lsn());
                    return compare(rows, Outcome.DIFFERENT, "");
                }
                SourceComparison early = compare(rows, Outcome.MOVED_ON, "");
                if (early.outcome() == Outcome.EQUAL) {
                    return early;
                }
                older = rows;
                continue;
            }
            if (!isKept && source.isKeptBy(changes.slot())) {
                isKept = true;
                // What is read may have to be published yet.
                deadline = System.nanoTime() + patience.toNanos();
            }
            if (older != null && isPast(deadline)) {
                return giveUp(older, isKept);
            }
            LockSupport.parkNanos(POLL.toNanos());
            if (Thread.currentThread().isInterrupted()) {
                throw new CancellationException("interrupted while waiting for a version");
            }
        }
    }

    /** Whether a version shows at least what the table was looked at with. */
    private boolean isAsNew(Version version) throws IOException {
        return Long.compareUnsigned(version.cut().lsn(), source.lsn()) >= 0
                && chain.manifest(version.generation(), version.number(), 0)
                        .map(Manifest::system)
                        .equals(Optional.of(source.system()));
    }

    private void advanceTo(long lsn) {
        if (lsn != source.lsn()) {
            source.advanceTo(lsn);
            checksum = null;
        }
    }

    private SourceComparison giveUp(PublishedRows older, boolean isKept) {
        return isKept && older.system().equals(source.system())
                ? compare(
                        older,
                        Outcome.DIFFERENT,
                        "; the pipeline has read what was committed until then, and shows nothing newer after %d s"
                                .formatted(patience.toSeconds()))
                : compare(
                        older,
                        Outcome.MOVED_ON,
                        "; the pipeline has not read what was committed until then after %d s: is it running?"
                                .formatted(patience.toSeconds()));
    }

    private SourceComparison compare(PublishedRows published, Outcome unequal, String why) {
        Side side = new Side(source.name(), source.lsn(), source.system());
        if (!source.table().rows().equals(published.schema())) {
            return SourceComparison.of(
                    Outcome.MOVED_ON,
                    published,
                    side,
                    SourceComparison.OTHER_COLUMNS
                            + "; after an alteration, the version with the new ones may be to come");
        }
        Checksum rows = checksum();
        return rows.equalTo(published.checksum())
                ? SourceComparison.of(Outcome.EQUAL, published, side, rows + ": equal")
                : SourceComparison.of(unequal, published, side, rows + ": differs" + why);
    }

    /** That of the table at the place where it stands. */
    private Checksum checksum() {
        Checksum known = checksum;
        if (known == null) {
            known = Checksum.of(
                    source::forEach, Stages.rowCheck(table, source.table().rows()));
            checksum = known;
        }
        return known;
    }

    private static boolean isPast(long moment) {
        return System.nanoTime() - moment >= 0;
    }
}
