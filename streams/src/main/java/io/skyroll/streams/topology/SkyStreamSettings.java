package io.skyroll.streams.topology;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.streams.row.FilterSettings;
import io.skyroll.streams.row.SkyColumns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What the stream of one table needs to know.
 *
 * @param table the table
 * @param bootstrapServers host:port, several separated by commas
 * @param clientProperties settings for every Kafka client, such as those of its security, and Kafka Streams settings that exactly-once
 *     does not rest on
 * @param stateDir where Kafka Streams may keep files; what is lost of them comes again from Kafka
 * @param threads how many threads work on the table, at least 1
 * @param commitInterval time between Kafka transactions: how late sinks see rows
 * @param columns where a row is on the sky; empty for a table without coordinates, whose rows are placed by a hash of their keys
 * @param filters in the order in which they are applied
 * @param sky the sky topic's division
 * @param rowsPartitions number of partitions of the rows topic and of the rejects topic
 * @param followsChanges whether changes may follow the snapshot
 * @param generation tells a replay from the run before it, which has counts and offsets of its own; letters, digits, {@code _} and
 *     {@code -}
 */
public record SkyStreamSettings(
        TableName table,
        String bootstrapServers,
        Map<String, Object> clientProperties,
        Path stateDir,
        int threads,
        Duration commitInterval,
        Optional<SkyColumns> columns,
        List<FilterSettings> filters,
        SkyPartitions sky,
        int rowsPartitions,
        boolean followsChanges,
        Optional<String> generation) {

    /** Often enough for a fresh catalog, seldom enough that transactions cost the broker little. */
    public static final Duration DEFAULT_COMMIT_INTERVAL = Duration.ofMillis(500);

    private static final Pattern GENERATION = Pattern.compile("[A-Za-z0-9_-]+");
    /** Kafka's limit for a topic name's length. */
    private static final int MAX_TOPIC_LENGTH = 249;

    public SkyStreamSettings {
        clientProperties = Map.copyOf(clientProperties);
        filters = List.copyOf(filters);
        if (threads < 1) {
            throw SkyrollException.configuration("number of stream threads must be at least 1: %d".formatted(threads));
        }
        if (commitInterval.toMillis() < 1) {
            throw SkyrollException.configuration("commit interval must be at least 1 ms: %s".formatted(commitInterval));
        }
        if (rowsPartitions < 1) {
            throw SkyrollException.configuration(
                    "number of partitions of the rows topic must be at least 1: %d".formatted(rowsPartitions));
        }
        Set<String> names = new HashSet<>();
        for (FilterSettings filter : filters) {
            if (!names.add(filter.name())) {
                throw SkyrollException.configuration("two filters have the name '%s'".formatted(filter.name()));
            }
        }
        if (generation.isPresent() && !GENERATION.matcher(generation.get()).matches()) {
            throw SkyrollException.configuration(
                    "generation must consist of letters, digits, _ and -: '%s'".formatted(generation.get()));
        }
        StreamsProperties.refuseReserved(clientProperties);
        for (String changelog : SkyTopology.changelogTopics(applicationId(table, generation))) {
            if (changelog.length() > MAX_TOPIC_LENGTH) {
                throw SkyrollException.configuration(
                        "table %s: the topic name %s would have %d characters, Kafka allows %d; shorten the pipeline's name"
                                .formatted(table.qualified(), changelog, changelog.length(), MAX_TOPIC_LENGTH));
            }
        }
    }

    /** Names the stream in Kafka: its consumer group, its transactions, its changelog topic. */
    public String applicationId() {
        return applicationId(table, generation);
    }

    /** The application's id, and its consumer group, unless a replay has given it another one. */
    public static String applicationId(TableName table) {
        return applicationId(table, Optional.empty());
    }

    private static String applicationId(TableName table, Optional<String> generation) {
        return table.escaped() + ".sky" + generation.map("."::concat).orElse("");
    }
}
