package io.skyroll.streams.topology;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.Identity;
import io.skyroll.schemas.row.LargeValues;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.sky.SkyKey;
import io.skyroll.schemas.topic.Subjects;
import io.skyroll.streams.row.RowCheck;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** The row formats of a table by schema id. A new one is compiled, and registered for the topics behind, when it is first seen. Owned by one thread. */
final class RowFormats {
    private final SkyStreamSettings settings;
    private final SchemaRegistry registry;
    private final Map<Integer, RowFormat> byId = new HashMap<>();
    private final Map<Integer, Integer> skyKeyIds = new HashMap<>();
    private int lastId;
    private @Nullable RowFormat last;

    RowFormats(SkyStreamSettings settings, SchemaRegistry registry) {
        this.settings = settings;
        this.registry = registry;
    }

    /**
     * The format of a schema id.
     *
     * @throws SkyrollException when the schema lacks what the pipeline needs, or the registry refuses it or does not answer
     */
    RowFormat of(int schemaId) {
        RowFormat found = last;
        if (found == null || schemaId != lastId) {
            found = byId.computeIfAbsent(schemaId, this::compile);
            last = found;
            lastId = schemaId;
        }
        return found;
    }

    /** The registry's id of the schema of keys in the sky topic, by that of keys in the rows topic. */
    int skyKeyId(int keyId) {
        return skyKeyIds.computeIfAbsent(
                keyId,
                id -> registry.register(Subjects.key(settings.table().skyTopic()), SkyKey.ofKey(registry.schema(id))));
    }

    /** Whether rows are placed by their keys, since the table has no coordinates. */
    boolean arePlacedByKey() {
        return settings.columns().isEmpty();
    }

    private RowFormat compile(int schemaId) {
        Schema schema = registry.schema(schemaId);
        boolean batch = schema.getType() == Schema.Type.ARRAY;
        Schema row = batch ? schema.getElementType() : schema;
        if (row.getType() != Schema.Type.RECORD) {
            throw SkyrollException.defect("topic %s: schema %d is neither a row nor an array of rows: %s"
                    .formatted(settings.table().rowsTopic(), schemaId, schema));
        }
        RowSchema columns = RowSchema.parse(row);
        RowCheck check = new RowCheck(columns, settings.columns(), settings.filters());
        String sky = settings.table().skyTopic();
        String rejects = settings.table().rejectsTopic();
        int skyBatchId = registry.register(Subjects.batch(sky), batch ? schema : Schema.createArray(row));
        registry.register(Subjects.key(rejects), columns.toKeyAvro());
        LargeValues large = new LargeValues(columns);
        boolean isPlaceUntold = Identity.of(row).filter(Identity.KEY::equals).isPresent();
        return new RowFormat(
                schemaId,
                row,
                batch,
                isPlaceUntold && (!arePlacedByKey() || large.areThere()),
                large,
                check,
                new BatchPieces(skyBatchId, settings.sky().partitions()),
                registry.register(Subjects.value(sky), row),
                registry.register(Subjects.key(sky), SkyKey.schema(columns)),
                registry.register(Subjects.value(rejects), row));
    }
}
