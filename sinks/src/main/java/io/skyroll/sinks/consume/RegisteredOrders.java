package io.skyroll.sinks.consume;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.memtable.RowOrder;
import io.skyroll.sinks.memtable.RowOrders;
import java.util.List;
import java.util.Set;
import org.apache.avro.Schema;

/** The order of a topic's rows by the schemas in the registry. Thread-safe. */
final class RegisteredOrders implements RowOrders {
    private final SchemaRegistry registry;
    private final String topic;

    RegisteredOrders(SchemaRegistry registry, String topic) {
        this.registry = registry;
        this.topic = topic;
    }

    @Override
    public RowOrder of(Set<Integer> schemaIds) {
        List<Schema> rows = schemaIds.stream()
                .map(registry::schema)
                .map(schema -> schema.getType() == Schema.Type.ARRAY ? schema.getElementType() : schema)
                .distinct()
                .toList();
        if (rows.size() > 1) {
            throw SkyrollException.configuration(
                    "%s: the table's columns changed between two cuts, and rows came with both: take a new snapshot"
                            .formatted(topic));
        }
        return rows.isEmpty() ? RowOrder.ofDeletions() : new RowOrder(RowSchema.parse(rows.get(0)));
    }
}
