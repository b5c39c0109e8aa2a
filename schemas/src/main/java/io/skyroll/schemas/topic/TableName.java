package io.skyroll.schemas.topic;

import io.skyroll.schemas.failure.SkyrollException;
import java.nio.charset.StandardCharsets;

/**
 * A source's table within a pipeline, and the topics that belong to it.
 *
 * @param pipeline the pipeline's name
 * @param schema the table's schema, as the database spells it
 * @param table the table's name, as the database spells it
 */
public record TableName(String pipeline, String schema, String table) {

    /** Kafka's limit for a topic name's length. */
    private static final int MAX_TOPIC_LENGTH = 249;

    public TableName {
        for (String part : new String[] {pipeline, schema, table}) {
            if (part.isEmpty()) {
                throw new IllegalArgumentException("pipeline, schema and table must not be empty");
            }
        }
        int length = topic(pipeline, schema, table, "rejects").length();
        if (length > MAX_TOPIC_LENGTH) {
            throw SkyrollException.configuration(
                    "table %s.%s: its topic names would have %d characters, Kafka allows %d; shorten the pipeline's name"
                            .formatted(schema, table, length, MAX_TOPIC_LENGTH));
        }
    }

    /** The topic of the pipeline's producer progress. */
    public static String progressTopic(String pipeline) {
        return topic(pipeline, "progress");
    }

    public String rowsTopic() {
        return topic(pipeline, schema, table, "rows");
    }

    public String skyTopic() {
        return topic(pipeline, schema, table, "sky");
    }

    public String rejectsTopic() {
        return topic(pipeline, schema, table, "rejects");
    }

    /** A Kafka-safe name of the table in its pipeline, for consumer groups and application ids. */
    public String escaped() {
        return topic(pipeline, schema, table);
    }

    /** As PostgreSQL users write it: {@code schema.table}. */
    public String qualified() {
        return schema + "." + table;
    }

    /** As it is written in SQL. */
    public String sql() {
        return quote(schema) + "." + quote(table);
    }

    private static String quote(String name) {
        return '"' + name.replace("\"", "\"\"") + '"';
    }

    private static String topic(String... parts) {
        StringBuilder name = new StringBuilder();
        for (String part : parts) {
            if (!name.isEmpty()) {
                name.append('.');
            }
            escape(part, name);
        }
        return name.toString();
    }

    /** Letters, digits and underscores stay; every other byte of the UTF-8 form becomes {@code -} and two hex digits: injective. */
    private static void escape(String part, StringBuilder name) {
        for (byte b : part.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (b & 0xFF);
            boolean plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
            if (plain) {
                name.append(c);
            } else {
                name.append("-%02x".formatted((int) c));
            }
        }
    }
}
