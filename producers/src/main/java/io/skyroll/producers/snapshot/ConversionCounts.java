package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.Conversion;
import io.skyroll.producers.postgres.Conversions;
import io.skyroll.schemas.topic.TableName;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;

/** What the policies for types did to the values of each table, by committed chunks. Thread-safe. */
final class ConversionCounts {
    private final Map<TableName, Map<Conversion, Long>> byTable = new HashMap<>();

    /** Adds what happened in a chunk. */
    synchronized void add(TableName table, Conversions chunk) {
        Map<Conversion, Long> sums = byTable.computeIfAbsent(table, first -> new EnumMap<>(Conversion.class));
        chunk.counts().forEach((conversion, count) -> sums.merge(conversion, count, Long::sum));
    }

    synchronized Map<Conversion, Long> of(TableName table) {
        return Map.copyOf(byTable.getOrDefault(table, Map.of()));
    }
}
