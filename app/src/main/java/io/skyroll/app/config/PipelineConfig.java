package io.skyroll.app.config;

import io.skyroll.producers.changes.WalBudget;
import io.skyroll.producers.postgres.TypePolicies;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * A pipeline file, read and checked. Every relative path is resolved against the file's directory.
 *
 * @param pipeline the pipeline's name
 * @param source the database
 * @param kafka the cluster
 * @param registryUrl the schema registry; empty for the embedded one
 * @param tables what is to be published
 * @param sink limits of the sinks of one process
 * @param dataDirectory embedded services, spilled rows and streams state
 */
public record PipelineConfig(
        String pipeline,
        SourceConfig source,
        KafkaConfig kafka,
        Optional<String> registryUrl,
        List<TableConfig> tables,
        SinkConfig sink,
        Path dataDirectory) {
    public PipelineConfig {
        tables = List.copyOf(tables);
    }

    /**
     * The database.
     *
     * @param connection libpq's connection parameters that the file sets
     * @param workers connections that read in parallel
     * @param chunkBytes heap bytes of a table that one worker reads in one Kafka transaction
     * @param changes how changes are followed after the snapshot; empty when they are not
     */
    public record SourceConfig(
            Map<String, String> connection, int workers, long chunkBytes, Optional<ChangesConfig> changes) {
        public SourceConfig {
            connection = Map.copyOf(connection);
        }

        /** Whether the rows are read that there are when a pipeline starts. */
        public boolean readsRows() {
            return changes.isEmpty() || changes.get().start() == ChangesConfig.Start.SNAPSHOT;
        }
    }

    /**
     * How changes are followed.
     *
     * @param engine what reads them
     * @param freshness at least so long is between two cuts of a table
     * @param slot the name of the replication slot
     * @param publication the name of the publication
     * @param maxSlotWalBytes how much of its log the server may keep for the slot; empty when only the server limits it
     * @param start what catalogs hold before the first change
     */
    public record ChangesConfig(
            Engine engine,
            Duration freshness,
            String slot,
            String publication,
            OptionalLong maxSlotWalBytes,
            Start start) {
        /** What catalogs hold before the first change. */
        public enum Start {
            /** The rows that there were. */
            SNAPSHOT,
            NOTHING
        }

        /** How much of the server's log the slot may hold back. */
        public WalBudget budget() {
            return new WalBudget(maxSlotWalBytes, WalBudget.DEFAULT_PATIENCE);
        }

        /** What reads changes. */
        public enum Engine {
            DEBEZIUM,
            PGOUTPUT
        }
    }

    /**
     * The Kafka cluster.
     *
     * @param bootstrapServers its addresses; empty for the embedded broker
     * @param topicPartitions partitions of every topic of rows
     * @param rowsPerRecord 1 to write one row per record, 0 for batches
     * @param properties further properties of Kafka clients
     * @param minFreeBytes how much of its disk an embedded broker leaves free
     */
    public record KafkaConfig(
            Optional<String> bootstrapServers,
            int topicPartitions,
            int rowsPerRecord,
            Map<String, String> properties,
            long minFreeBytes) {
        /** What is written between two looks at the disk, and what stages write while they stop. */
        public static final long DEFAULT_MIN_FREE_BYTES = 256L << 20;

        public KafkaConfig {
            properties = Map.copyOf(properties);
        }
    }

    /**
     * A table and the catalog that it becomes.
     *
     * @param schema as the database spells it
     * @param table as the database spells it
     * @param read how it is read
     * @param sky where its rows are on the sky; empty for a table without coordinates
     * @param filters in the order in which rows meet them
     */
    public record TableConfig(
            String schema,
            String table,
            ReadConfig read,
            Optional<SkyConfig> sky,
            List<FilterConfig> filters,
            CatalogConfig catalog) {
        public TableConfig {
            filters = List.copyOf(filters);
        }

        /** A table of places on the sky, read strictly. */
        public TableConfig(
                String schema, String table, SkyConfig sky, List<FilterConfig> filters, CatalogConfig catalog) {
            this(schema, table, ReadConfig.TABLE, Optional.of(sky), filters, catalog);
        }
    }

    /**
     * How a table is read.
     *
     * @param sql the query whose answer it is; empty for a table or view
     * @param key the columns that identify the rows of a view or query
     * @param types what becomes of values and types without a form of their own
     */
    public record ReadConfig(Optional<String> sql, List<String> key, TypePolicies types) {
        static final ReadConfig TABLE = new ReadConfig(Optional.empty(), List.of(), TypePolicies.STRICT);

        public ReadConfig {
            key = List.copyOf(key);
        }
    }

    /**
     * Where a row is on the sky.
     *
     * @param raColumn right ascension in degrees
     * @param decColumn declination in degrees
     */
    public record SkyConfig(String raColumn, String decColumn) {}

    /**
     * Which rows are published.
     *
     * @param name what rejected rows are counted under
     * @param where an SQL predicate that a row must meet
     */
    public record FilterConfig(String name, String where) {}

    /**
     * What a table becomes, and where.
     *
     * @param path a local directory, or an hdfs:// or s3a:// address
     * @param name the catalog's name
     * @param output what depends on its type
     * @param rowGroupRows the most rows of a Parquet row group
     * @param retainVersions how many of the newest versions are kept
     * @param hadoopProperties settings of the client of {@code hdfs://} and {@code s3a://}
     */
    public record CatalogConfig(
            String path,
            String name,
            OutputConfig output,
            long rowGroupRows,
            int retainVersions,
            Map<String, String> hadoopProperties) {
        public CatalogConfig {
            hadoopProperties = Map.copyOf(hadoopProperties);
        }
    }

    /**
     * Limits of the sinks of one process, all tables together.
     *
     * @param memoryBytes how much memory unpublished rows may hold; empty for a share of the heap
     * @param spillBytes how much disk they may take besides; empty for a share of what is free
     */
    public record SinkConfig(OptionalLong memoryBytes, OptionalLong spillBytes) {
        public static final SinkConfig DEFAULTS = new SinkConfig(OptionalLong.empty(), OptionalLong.empty());
    }
}
