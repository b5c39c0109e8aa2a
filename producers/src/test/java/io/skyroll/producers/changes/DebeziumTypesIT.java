package io.skyroll.producers.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.producers.debezium.DebeziumReader;
import io.skyroll.producers.postgres.EveryType;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.postgres.TableCatalog;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.snapshot.LiveStack.Database;
import io.skyroll.schemas.topic.TableName;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

final class DebeziumTypesIT extends ChangedTypesContract {
    private static final Pattern REFUSED = Pattern.compile("does not carry every value of column \"([^\"]+)\"");

    private static final List<String> CARRIED = List.of(
            "bool",
            "int2",
            "int4",
            "int8",
            "oid",
            "float4",
            "float8",
            "text",
            "varchar(20)",
            "bpchar(5)",
            "bytea",
            "date",
            "timestamp",
            "timestamptz",
            "time",
            "uuid",
            "json",
            "jsonb",
            "inet",
            "cidr",
            "macaddr",
            "macaddr8",
            "numeric(10,2)",
            "numeric(38,38)",
            "numeric(5,-2)",
            "numeric(3,5)",
            "numeric(50,2)",
            "numeric",
            "mood",
            "small",
            "xml");

    @Override
    EngineOpener engines(Database database, String slot) {
        return DebeziumReader.opener(database, slot, "changed_types");
    }

    /** Drops the columns that Debezium does not carry exactly. */
    @Override
    void prepare(Database database) throws Exception {
        try (Session session = Session.open(database, "test")) {
            List<SourceTable> tables = TableCatalog.inspect(
                    session, List.of(TableRequest.table(new TableName("types", "public", EveryType.TABLE))));
            for (String problem : engines(database, "none").problems(tables)) {
                Matcher refused = REFUSED.matcher(problem);
                assertThat(refused.find()).as(problem).isTrue();
                database.execute("ALTER TABLE %s DROP \"%s\"".formatted(EveryType.TABLE, refused.group(1)));
            }
        }
        List<String> left = database
                .query(
                        "SELECT attname FROM pg_attribute WHERE attrelid = '%s'::regclass AND attname LIKE 'c %%' AND NOT attisdropped"
                                .formatted(EveryType.TABLE))
                .stream()
                .map(row -> row.get(0))
                .toList();
        assertThat(left)
                .containsExactlyInAnyOrderElementsOf(
                        CARRIED.stream().map(EveryType::column).toList());
    }
}
