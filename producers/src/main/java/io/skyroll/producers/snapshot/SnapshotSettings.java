package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.publish.KafkaAccess;
import io.skyroll.producers.publish.Packing;
import io.skyroll.producers.publish.ProducerProgress;
import io.skyroll.producers.publish.RowWriter.RecordForm;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.TableName;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * What a snapshot producer reads and where to.
 *
 * @param pipeline the pipeline's name
 * @param tables the tables, of this pipeline, each once
 * @param topicPartitions number of partitions of each rows topic
 * @param workers how many connections read at once
 * @param chunkBytes how much of a table's storage one Kafka transaction holds, in bytes
 * @param form how rows are packed into records
 * @param kafka the cluster
 * @param content what is read
 */
public record SnapshotSettings(
        String pipeline,
        List<TableRequest> tables,
        int topicPartitions,
        int workers,
        int chunkBytes,
        RecordForm form,
        KafkaAccess kafka,
        Content content) {
    public static final int DEFAULT_WORKERS = 2;
    public static final int DEFAULT_CHUNK_BYTES = 32 << 20;
    public static final int DEFAULT_RECORD_BYTES = 512 << 10;

    private static final int MAX_WORKERS = 64;
    private static final int MAX_RECORD_BYTES = 8 << 20;
    private static final int MIN_CHUNK_BYTES = 8 << 10;

    /** What of the tables a snapshot holds. */
    public enum Content {
        ROWS,
        /** No rows: it only marks the place from which on changes are followed. */
        NOTHING
    }

    public SnapshotSettings {
        tables = List.copyOf(tables);
        List<TableName> names = tables.stream().map(TableRequest::name).toList();
        if (names.isEmpty() || new HashSet<>(names).size() < names.size()) {
            throw new IllegalArgumentException("tables must be at least one, each once: %s".formatted(names));
        }
        for (TableName table : names) {
            if (!table.pipeline().equals(pipeline)) {
                throw new IllegalArgumentException("table %s must belong to pipeline %s".formatted(table, pipeline));
            }
        }
        check("topicPartitions", topicPartitions, 1, Integer.MAX_VALUE);
        check("workers", workers, 1, MAX_WORKERS);
        check("chunkBytes", chunkBytes, MIN_CHUNK_BYTES, Integer.MAX_VALUE);
        check("recordBytes", form.recordBytes(), 1, MAX_RECORD_BYTES);
    }

    /** Settings for all rows. */
    public SnapshotSettings(
            String pipeline,
            List<TableRequest> tables,
            int topicPartitions,
            int workers,
            int chunkBytes,
            RecordForm form,
            KafkaAccess kafka) {
        this(pipeline, tables, topicPartitions, workers, chunkBytes, form, kafka, Content.ROWS);
    }

    /** Settings that fit most tables. */
    public static SnapshotSettings defaults(
            String pipeline, List<TableRequest> tables, int topicPartitions, KafkaAccess kafka) {
        RecordForm form = new RecordForm(Packing.BATCHES, DEFAULT_RECORD_BYTES);
        return new SnapshotSettings(
                pipeline, tables, topicPartitions, DEFAULT_WORKERS, DEFAULT_CHUNK_BYTES, form, kafka);
    }

    /** The same for some of the tables. */
    public SnapshotSettings of(Set<TableName> some) {
        List<TableRequest> chosen =
                tables.stream().filter(table -> some.contains(table.name())).toList();
        return new SnapshotSettings(pipeline, chosen, topicPartitions, workers, chunkBytes, form, kafka, content);
    }

    /**
     * Checks that the rows of tables have been read, if they are to be.
     *
     * @param unread tables that are yet to be read
     * @throws SkyrollException when only the changes of one were followed
     */
    public void requireRead(ProducerProgress progress, Set<TableName> unread) {
        if (content == Content.ROWS) {
            tables.stream()
                    .map(TableRequest::name)
                    .filter(name -> !unread.contains(name))
                    .forEach(progress::requireRows);
        }
    }

    private static void check(String name, int value, int low, int high) {
        if (value < low || value > high) {
            throw new IllegalArgumentException("%s must be in [%d, %d]: %d".formatted(name, low, high, value));
        }
    }
}
