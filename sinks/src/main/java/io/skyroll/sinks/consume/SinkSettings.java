package io.skyroll.sinks.consume;

import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.publish.CatalogSettings;
import io.skyroll.sinks.publish.Layout;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/**
 * What a sink process needs to know to publish one table.
 *
 * @param table whose sky topic to read
 * @param bootstrapServers of the Kafka cluster
 * @param clientProperties further properties of Kafka clients, as for security; those that guarantees rest on cannot be changed
 * @param catalog name and description of the catalog
 * @param layout how rows are divided into leaves
 * @param publishThreads threads that write leaves, from 1
 * @param scratch a local directory for files that this process needs for a while
 * @param pollInterval how often to look at what other processes have published
 */
public record SinkSettings(
        TableName table,
        String bootstrapServers,
        Map<String, Object> clientProperties,
        CatalogSettings catalog,
        Layout layout,
        int publishThreads,
        Path scratch,
        Duration pollInterval) {
    public SinkSettings {
        clientProperties = Map.copyOf(clientProperties);
    }
}
