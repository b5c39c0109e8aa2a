package io.skyroll.producers.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.producers.postgres.EveryType;
import io.skyroll.producers.postgres.PgText;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.snapshot.LiveStack.Database;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.topic.TableName;
import java.sql.Connection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Values of every type go through COPY, Avro and the topic, and come back: the server judges whether they are the same. */
class TypesIT {
    private static final int ROWS = 400;

    private static final long SEED = Long.getLong("test.seed", 20260101);

    private final SchemaRegistry registry = LiveStack.shared().registry();
    private Database database = new Database("");
    private final TableName table = new TableName("types", "public", EveryType.TABLE);

    @BeforeEach
    void newDatabase() throws Exception {
        database = LiveStack.shared().newDatabase("types");
    }

    @Test
    @DisplayName("A17: every value of every type comes back as the server prints it")
    void everyValueOfEveryTypeComesBack() throws Exception {
        try (Connection connection = database.open()) {
            EveryType everything = EveryType.create(connection);
            everything.fill(ROWS, new Random(SEED));

            SourceTable source = run();

            List<GenericRecord> rows = content().rows();
            assertThat(content().errors()).isEmpty();
            assertThat(rows).hasSize(ROWS);
            for (String type : EveryType.types()) {
                Column column = column(source, type);
                Map<Long, @Nullable String> found = new TreeMap<>();
                for (GenericRecord row : rows) {
                    found.put((Long) row.get("id"), PgText.of(type, column.type(), row.get(column.avroName())));
                }
                assertThat(everything.differences(type, column.type(), found))
                        .as("seed %d, %s as %s", SEED, type, column.type())
                        .isEmpty();
            }
        }
    }

    @Test
    void typesAreCarriedAsTheTableOfTypesSays() throws Exception {
        try (Connection connection = database.open()) {
            EveryType.create(connection);
        }
        SourceTable source = producer().inspect().get(0);
        Map<String, String> carried = new LinkedHashMap<>();
        EveryType.types()
                .forEach(type -> carried.put(type, column(source, type).type().toString()));

        assertThat(carried)
                .containsEntry("oid", "int64")
                .containsEntry("xid8", "int64")
                .containsEntry("bpchar(5)", "bpchar")
                .containsEntry("\"char\"", "\"char\"")
                .containsEntry("jsonb", "json")
                .containsEntry("jsonpath", "jsonpath")
                .containsEntry("timetz", "timetz")
                .containsEntry("interval", "record<months int32, days int32, micros int64>")
                .containsEntry("circle", "record<x float64, y float64, radius float64>")
                .containsEntry("money", "decimal(19,2)")
                .containsEntry("numeric(5,-2)", "decimal(7,0)")
                .containsEntry("numeric(3,5)", "decimal(5,5)")
                .containsEntry("numeric(50,2)", "numeric")
                .containsEntry("mood", "public.mood")
                .containsEntry("small", "int32")
                .containsEntry("prices", "list<decimal(9,3)>")
                .containsEntry("int8[][][]", "list<list<list<int64>>>")
                .containsEntry("inet[]", "inet[]")
                .containsEntry("_regclass", "regclass[]")
                .containsEntry("pair[]", "list<record<a int32, b string>>")
                .containsEntry("sure_pair", "record<a int32, b string>")
                .containsEntry("withnet", "public.withnet")
                .containsEntry(
                        "datemultirange",
                        "list<record<lower date, upper date, lower_inclusive boolean, upper_inclusive boolean, empty boolean>>")
                .containsEntry("mine", "public.mine")
                .containsEntry("mine[]", "list<public.mine>")
                .containsEntry("other", "public.other")
                .containsEntry("xml", "xml")
                .containsEntry("citext", "public.citext")
                .containsEntry("citext[]", "list<public.citext>")
                .containsEntry("hstore", "public.hstore")
                .containsEntry("hstore[]", "public.hstore[]")
                .containsEntry("withmore", "public.withmore")
                .containsEntry("int2vector", "int2vector");
    }

    private static Column column(SourceTable source, String type) {
        return source.rows()
                .columns()
                .get(EveryType.FIRST_COLUMN + EveryType.types().indexOf(type));
    }

    private SourceTable run() {
        SnapshotProducer producer = producer();
        producer.run();
        return producer.inspect().get(0);
    }

    private SnapshotProducer producer() {
        SnapshotSettings settings = SnapshotSettings.defaults(
                "types",
                List.of(TableRequest.table(table)),
                2,
                LiveStack.shared().kafka());
        return new SnapshotProducer(settings, database, registry);
    }

    private TopicContent content() throws Exception {
        return TopicContent.read(LiveStack.shared().bootstrapServers(), registry, table.rowsTopic());
    }
}
