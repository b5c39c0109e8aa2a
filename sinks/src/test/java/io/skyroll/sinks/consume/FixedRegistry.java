package io.skyroll.sinks.consume;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.registry.SchemaRegistry;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;

/** The three schemas of the simulation. */
final class FixedRegistry implements SchemaRegistry {
    private static final Map<Integer, Schema> SCHEMAS = Map.of(
            SimulatedSource.CONTROL_ID, Control.SCHEMA,
            SimulatedSource.ROW_ID, SimulatedSource.SCHEMA.toAvro(),
            SimulatedSource.BATCH_ID, SimulatedSource.SCHEMA.toBatchAvro());

    @Override
    public int register(String subject, Schema schema) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Schema schema(int id) {
        return Objects.requireNonNull(SCHEMAS.get(id));
    }
}
