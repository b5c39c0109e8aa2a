package io.skyroll.producers.debezium;

import io.skyroll.producers.postgres.SeenColumn;
import io.skyroll.producers.postgres.SourceColumn;
import io.skyroll.producers.postgres.ValueType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.connect.data.Field;
import org.apache.kafka.connect.data.Schema;

/**
 * A column as Debezium describes it, which tells several types from each other, but not all.
 *
 * @param name what it was called
 * @param type how Kafka Connect carries its values
 */
record ConnectColumn(String name, Schema.Type type) implements SeenColumn {
    /** How Debezium gives values, with the settings of {@link ConnectorProperties}; others are texts. */
    private static final Map<String, Schema.Type> TYPES = Map.of(
            "bool", Schema.Type.BOOLEAN,
            "int2", Schema.Type.INT16,
            "int4", Schema.Type.INT32,
            "int8", Schema.Type.INT64,
            "oid", Schema.Type.INT64,
            "float4", Schema.Type.FLOAT32,
            "float8", Schema.Type.FLOAT64,
            "date", Schema.Type.INT32,
            "time", Schema.Type.INT64,
            "timestamp", Schema.Type.INT64);

    static ConnectColumn of(Field field) {
        return new ConnectColumn(field.name(), field.schema().type());
    }

    @Override
    public boolean isExact() {
        return false;
    }

    @Override
    public boolean is(Described described) {
        return name.equals(described.column().name()) && isOf(described.type());
    }

    private boolean isOf(ValueType known) {
        Schema.Type otherwise = known.name().equals("bytea") ? Schema.Type.BYTES : Schema.Type.STRING;
        return TYPES.getOrDefault(known.name(), otherwise) == type;
    }

    @Override
    public Optional<SourceColumn> describe(int number, List<Described> known) {
        return known.stream()
                .filter(described -> isOf(described.type()))
                .map(Described::column)
                .findFirst()
                .map(column -> new SourceColumn(
                        name, column.type(), column.modifier(), column.dimensions(), column.notNull(), number));
    }
}
