package io.skyroll.app.verify;

import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.app.run.Stages;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.snapshot.TableReading;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;

/**
 * What comes of comparing the newest version of a table's catalog with the table: the number of rows and their checksum. Rows that the
 * pipeline rejects are not counted. Writes nothing, and needs no Kafka.
 *
 * @param outcome what came of it
 * @param text the same in words, with both positions
 */
public record SourceComparison(Outcome outcome, String text) {

    /** What a comparison can say. */
    public enum Outcome {
        EQUAL,
        /** They differ, and what the database has done since the version does not explain it. */
        DIFFERENT,
        /** They differ, and the database has moved on since, so that the version may have been right. */
        MOVED_ON
    }

    /** What is said of rows whose form is not the version's. */
    static final String OTHER_COLUMNS = "differs: the table's columns or its key are others than the version's";

    /**
     * Compares with the table as it is now.
     *
     * @param store of the table's collection
     * @throws SkyrollException when the database does not answer, or there is no version yet
     */
    public static SourceComparison of(Store store, TableConfig table, TableRequest request, Connections connections)
            throws IOException {
        PublishedRows published = PublishedRows.newest(store);
        try (TableReading source = TableReading.open(connections, request)) {
            Side side = new Side(source.name(), source.lsn(), source.system());
            boolean hasMovedOn = !source.system().equals(published.system())
                    || source.lsn() != published.version().cut().lsn();
            Outcome unequal = hasMovedOn ? Outcome.MOVED_ON : Outcome.DIFFERENT;
            if (!source.rows().equals(published.schema())) {
                return of(unequal, published, side, OTHER_COLUMNS);
            }
            Checksum now = Checksum.of(source::forEach, Stages.rowCheck(table, source.rows()));
            if (now.equalTo(published.checksum())) {
                return of(Outcome.EQUAL, published, side, now + ": equal");
            }
            return of(
                    unequal,
                    published,
                    side,
                    now + (hasMovedOn ? ": differs, the source has changed since" : ": differs"));
        }
    }

    /**
     * A table in the database.
     *
     * @param lsn the place in the log that its rows are of
     * @param system the database's system identifier
     */
    record Side(TableName name, long lsn, String system) {}

    /** Puts both sides into words. */
    static SourceComparison of(Outcome outcome, PublishedRows published, Side source, String words) {
        String text = "source%n  version %d at %s, of system %s: %s%n  %s at %X/%X, of system %s: %s%n"
                .formatted(
                        published.version().number(),
                        published.version().cut(),
                        published.system(),
                        published.checksum(),
                        source.name.qualified(),
                        source.lsn >>> Integer.SIZE,
                        source.lsn & 0xFFFF_FFFFL,
                        source.system,
                        words);
        return new SourceComparison(outcome, text);
    }
}
