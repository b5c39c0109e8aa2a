package io.skyroll.sinks.consume;

import io.skyroll.schemas.topic.TableName;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What a sink process needs to know to publish one table.
 *
 * @param table whose sky topic to read
 * @param bootstrapServers of the Kafka cluster
 * @param clientProperties further properties of Kafka clients, as for security; those that guarantees rest on cannot be changed
 * @param output what is made of the rows
 * @param publishThreads threads that write files, from 1
 * @param scratch a local directory for files that this process needs for a while
 * @param pollInterval how often to look at what other processes have published
 */
public record SinkSettings(
        TableName table,
        String bootstrapServers,
        Map<String, Object> clientProperties,
        Output output,
        int publishThreads,
        Path scratch,
        Duration pollInterval) {
    public SinkSettings {
        clientProperties = Map.copyOf(clientProperties);
    }

    /** The consumer group of all sinks that publish a generation of a table's catalog. */
    public static String group(TableName table, int generation) {
        return "%s.sink.g%d".formatted(table.escaped(), generation);
    }
}
