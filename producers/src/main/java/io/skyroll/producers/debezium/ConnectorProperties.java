package io.skyroll.producers.debezium;

import io.skyroll.producers.postgres.Endpoint;
import io.skyroll.producers.postgres.SourceTable;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.stream.Collectors;

/**
 * The settings of Debezium's engine and connector: those by which values come as exactly as it can, nothing is left out silently, and
 * nothing is remembered but by the slot. They are described in Debezium's documentation of its connector for PostgreSQL.
 */
final class ConnectorProperties {
    private static final String PREFIX = "skyroll";

    /** Topic of the events that a transaction begins or ends. */
    static final String TRANSACTIONS = PREFIX + ".transaction";

    /** Topic of what was written by pg_logical_emit_message. */
    static final String MESSAGES = PREFIX + ".message";

    /** Topic of the events that come where no others do. */
    static final String HEARTBEATS = "__debezium-heartbeat." + PREFIX;

    private static final Duration HEARTBEAT = Duration.ofSeconds(1);
    private static final int QUEUE_RECORDS = 16_384;
    private static final int BATCH_RECORDS = 4_096;
    private static final int QUEUE_BYTES = 64 << 20;

    private ConnectorProperties() {}

    /** @param placeholder what stands for a large value that PostgreSQL did not send; no value is like it */
    static Properties of(
            Endpoint endpoint, String slot, String publication, List<SourceTable> tables, String placeholder) {
        Properties properties = new Properties();
        endpoint.properties().forEach((name, value) -> properties.setProperty("driver." + name, value));
        properties.setProperty("database.hostname", endpoint.host());
        properties.setProperty("database.port", Integer.toString(endpoint.port()));
        properties.setProperty("database.dbname", endpoint.database());
        properties.setProperty("database.user", endpoint.properties().getOrDefault("user", ""));
        properties.setProperty("database.password", endpoint.properties().getOrDefault("password", ""));
        set(properties, "name", "skyroll");
        set(properties, "topic.prefix", PREFIX);
        set(properties, "connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        set(properties, "plugin.name", "pgoutput");
        set(properties, "slot.name", slot);
        set(properties, "slot.max.retries", "0");
        set(properties, "publication.name", publication);
        set(properties, "publication.autocreate.mode", "disabled");
        set(
                properties,
                "table.include.list",
                tables.stream().map(ConnectorProperties::pattern).collect(Collectors.joining(",")));
        // The snapshot is ours, and so is what was read up to where: it starts behind what the slot was told.
        set(properties, "snapshot.mode", "no_data");
        set(properties, "offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
        set(properties, "offset.flush.interval.ms", "0");
        set(properties, "provide.transaction.metadata", "true");
        set(properties, "skipped.operations", "none");
        set(properties, "tombstones.on.delete", "false");
        set(properties, "event.converting.failure.handling.mode", "fail");
        set(properties, "event.processing.failure.handling.mode", "fail");
        set(properties, "errors.max.retries", "0");
        set(properties, "decimal.handling.mode", "string");
        set(properties, "time.precision.mode", "microseconds");
        set(properties, "binary.handling.mode", "bytes");
        set(properties, "unavailable.value.placeholder", placeholder);
        set(properties, "heartbeat.interval.ms", Long.toString(HEARTBEAT.toMillis()));
        set(properties, "max.batch.size", Integer.toString(BATCH_RECORDS));
        set(properties, "max.queue.size", Integer.toString(QUEUE_RECORDS));
        set(properties, "max.queue.size.in.bytes", Integer.toString(QUEUE_BYTES));
        set(properties, "poll.interval.ms", "20");
        return properties;
    }

    private static void set(Properties properties, String name, String value) {
        properties.setProperty(name, value);
    }

    /** A regular expression for the table's name, without a character that means something in it or in a list of them. */
    private static String pattern(SourceTable table) {
        return escape(table.name().schema()) + "\\." + escape(table.name().table());
    }

    private static String escape(String name) {
        return name.codePoints()
                .mapToObj(point -> Character.isLetterOrDigit(point) || point == '_'
                        ? Character.toString(point)
                        : "\\x{%x}".formatted(point))
                .collect(Collectors.joining());
    }
}
