package io.skyroll.producers.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.postgres.TypePolicies;
import io.skyroll.producers.publish.Packing;
import io.skyroll.producers.publish.RowWriter.RecordForm;
import io.skyroll.producers.snapshot.LiveStack.Database;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.TableName;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.avro.generic.GenericRecord;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

/** Views and queries, which are read in one go within the snapshot. */
class WholeReadIT {
    private final SchemaRegistry registry = LiveStack.shared().registry();
    private String pipeline = "";
    private Database database = new Database("");

    @BeforeEach
    void newDatabase(TestInfo test) throws Exception {
        pipeline = "whole_" + test.getTestMethod().orElseThrow().getName();
        database = LiveStack.shared().newDatabase(pipeline.toLowerCase(Locale.ROOT));
        database.execute(
                "CREATE DOMAIN magnitude AS numeric(6,3)",
                "CREATE TYPE kind AS ENUM ('star', 'galaxy')",
                "CREATE TABLE stars (id int8 PRIMARY KEY, ra float8, mag magnitude, k kind, doc jsonb)",
                "INSERT INTO stars SELECT i, i / 10.0, i / 100.0, 'star', '{\"a\": 1}' FROM generate_series(1, 500) i");
    }

    @Test
    void aQueryIsReadWithTheTypesThatTheServerGivesIt() throws Exception {
        TableRequest request = query(
                "SELECT id, mag, sum(ra)::numeric(20,4) AS \"Σ ra\", array_agg(k) AS kinds, array_agg(mag)::numeric(5,1)[] AS mags, 1.5 AS n, doc ? 'a' AS has FROM stars WHERE id <= 3 GROUP BY id -- the first",
                List.of("id"));

        SourceTable source = run(request, Packing.BATCHES);

        assertThat(source.rows().keyColumns()).containsExactly("id");
        assertThat(source.rows().columns().stream().map(Column::toString))
                .containsExactly(
                        "Column[name=id, type=int64, nullable=false]",
                        "Column[name=mag, type=decimal(6,3), nullable=true]",
                        "Column[name=Σ ra, type=decimal(20,4), nullable=true]",
                        "Column[name=kinds, type=list<public.kind>, nullable=true]",
                        "Column[name=mags, type=list<decimal(5,1)>, nullable=true]",
                        "Column[name=n, type=numeric, nullable=true]",
                        "Column[name=has, type=boolean, nullable=true]");
        List<GenericRecord> rows = content().rows();
        assertThat(rows.stream().map(row -> row.get("id"))).containsExactlyInAnyOrder(1L, 2L, 3L);
        assertThat(rows).allSatisfy(row -> {
            assertThat(row.get("has")).isEqualTo(true);
            assertThat(row.get("n")).hasToString("1.5");
            assertThat(row.get("kinds")).hasToString("[star]");
        });
    }

    @Test
    void rowsWithoutAKeyAreIdentifiedByTheirNumber() throws Exception {
        run(query("SELECT ra FROM stars ORDER BY ra", List.of()), Packing.SINGLE_ROWS);

        Map<Long, Object> byNumber = new HashMap<>();
        for (TopicContent.Entry entry : content().entries()) {
            if (entry.op() == Op.SNAPSHOT) {
                ByteBuffer id = (ByteBuffer) entry.key().orElseThrow().get("id");
                assertThat(id.remaining()).isEqualTo(Long.BYTES);
                byNumber.put(id.getLong(), entry.rows().get(0).get("ra"));
            }
        }
        assertThat(byNumber).hasSize(500).containsEntry(0L, 0.1).containsEntry(499L, 50.0);
    }

    @Test
    void viewsAndMaterialisedViewsAreReadLikeTables() throws Exception {
        database.execute(
                "CREATE VIEW bright AS SELECT id, mag FROM stars WHERE mag < 1",
                "CREATE MATERIALIZED VIEW kept AS SELECT * FROM bright");
        for (String view : List.of("bright", "kept")) {
            TableName name = new TableName(pipeline, "public", view);
            TableRequest request = new TableRequest(name, Optional.empty(), List.of("id"), TypePolicies.STRICT);

            SourceTable source = run(request, Packing.BATCHES);

            assertThat(source.rows().columns().get(1).type()).hasToString("decimal(6,3)");
            assertThat(content(name).rows()).hasSize(99);
        }
    }

    @Test
    void anEmptyAnswerIsASnapshotOfNoRows() throws Exception {
        run(query("SELECT id FROM stars WHERE false", List.of("id")), Packing.BATCHES);

        assertThat(content().rows()).isEmpty();
        assertThat(content().controls())
                .hasSize(4)
                .filteredOn(control -> control.rows() == 0)
                .hasSize(4);
    }

    @Test
    void queriesThatCannotBeReadAreRefusedWithTheReason() {
        assertThatThrownBy(() -> inspect(query("SELECT id, ra AS id FROM stars", List.of())))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("public.q: two columns are called \"id\"; give one another name with AS");
        assertThatThrownBy(() -> inspect(query("SELECT id FROM stars;", List.of())))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContainingAll("public.q: the server refuses the query", "\";\"");
        assertThatThrownBy(() -> inspect(query("SELECT id FROM nowhere", List.of())))
                .hasMessageContainingAll("public.q: the server refuses the query", "\"nowhere\" does not exist");
        assertThatThrownBy(() -> inspect(query("DELETE FROM stars RETURNING id", List.of())))
                .hasMessageContaining("public.q: the server refuses the query");
        assertThatThrownBy(() -> inspect(query("SELECT FROM stars", List.of())))
                .hasMessageContaining("public.q: it has no columns");
        assertThatThrownBy(() -> inspect(query("SELECT ra FROM stars", List.of("id"))))
                .hasMessageContaining("public.q: there is no key column \"id\"; the columns are [ra]");
        assertThatThrownBy(() -> inspect(new TableRequest(
                        new TableName(pipeline, "public", "stars"),
                        Optional.empty(),
                        List.of("ra"),
                        TypePolicies.STRICT)))
                .hasMessageContaining("public.stars: a table is read by its primary key");
    }

    @Test
    void aKeyThatIsNullOrNotUniqueFailsTheRun() {
        assertThatThrownBy(() -> run(
                        query("SELECT id > 5 AS id, nullif(ra, 0.5) = 1 AS place FROM stars", List.of("id", "place")),
                        Packing.BATCHES))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("public.q: key column \"place\" is null in a row");
        assertThatThrownBy(() -> run(
                        query(
                                "SELECT ra > 5 AS id, nullif(ra, ra) IS NULL AS place FROM stars",
                                List.of("id", "place")),
                        Packing.BATCHES))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("public.q: two rows have the same key (\"id\", \"place\")");
    }

    @Test
    void aQueryStandsAtTheSamePointAsATable() throws Exception {
        database.execute(
                "CREATE TABLE debit (id int8 PRIMARY KEY, amount int8 NOT NULL)",
                "CREATE TABLE credit (id int8 PRIMARY KEY, amount int8 NOT NULL)",
                "INSERT INTO debit SELECT i, 100 FROM generate_series(1, 30000) i",
                "INSERT INTO credit SELECT i, -100 FROM generate_series(1, 30000) i");
        TableName debit = new TableName(pipeline, "public", "debit");
        List<TableRequest> requests =
                List.of(TableRequest.table(debit), query("SELECT id, -amount AS amount FROM credit", List.of("id")));
        try (Transfers writers = Transfers.start(database, 2)) {
            producer(requests, Packing.BATCHES).run();
            assertThat(writers.count()).isPositive();
        }

        assertThat(amounts(content(debit))).hasSizeGreaterThan(20000).isEqualTo(amounts(content()));
    }

    private static Map<Object, Object> amounts(TopicContent content) {
        Map<Object, Object> amounts = new HashMap<>();
        content.rows().forEach(row -> amounts.put(row.get("id"), row.get("amount")));
        return amounts;
    }

    @Test
    void whatWasTruncatedOrRefreshedBehindAQueryIsNoticed() throws Exception {
        database.execute("CREATE MATERIALIZED VIEW kept AS SELECT * FROM stars");
        for (String change : List.of("REFRESH MATERIALIZED VIEW kept", "TRUNCATE stars")) {
            String behind = change.contains("kept") ? "kept" : "stars";
            TableRequest request = query("SELECT id FROM " + behind, List.of("id"));
            SourceTable source = inspect(request);
            SourceWaits waits = new SourceWaits(database, new StopSignal(), Duration.ofSeconds(5));
            try (ConsistentPoint point = Objects.requireNonNull(
                    ConsistentPoint.tryOpen(database, List.of(source), 2, Optional.empty(), waits))) {
                Session early = point.worker(0);
                assertThat(early.text("SELECT count(*) FROM stars")).isEqualTo("500");
                assertThatCode(() -> WholeRead.checkStorage(early, source)).doesNotThrowAnyException();
                early.close();

                // Nobody holds it up: the keepers have no locks on what is behind a query.
                database.execute(change);

                Session late = point.worker(1);
                late.text("SELECT count(*) FROM " + behind);
                assertThatThrownBy(() -> WholeRead.checkStorage(late, source))
                        .isInstanceOf(SkyrollException.class)
                        .hasMessageContaining(
                                "public.q: [public.%s] was truncated, rewritten or refreshed".formatted(behind));
            }
        }
    }

    private TableRequest query(String sql, List<String> key) {
        return new TableRequest(new TableName(pipeline, "public", "q"), Optional.of(sql), key, TypePolicies.STRICT);
    }

    private SourceTable inspect(TableRequest request) {
        return producer(List.of(request), Packing.BATCHES).inspect().get(0);
    }

    private SourceTable run(TableRequest request, Packing packing) {
        SnapshotProducer producer = producer(List.of(request), packing);
        producer.run();
        return producer.inspect().get(0);
    }

    private SnapshotProducer producer(List<TableRequest> requests, Packing packing) {
        SnapshotSettings settings = new SnapshotSettings(
                pipeline,
                requests,
                2,
                2,
                64 << 10,
                new RecordForm(packing, 16 << 10),
                LiveStack.shared().kafka());
        return new SnapshotProducer(settings, database, registry);
    }

    private TopicContent content() throws Exception {
        return content(new TableName(pipeline, "public", "q"));
    }

    private TopicContent content(TableName table) throws Exception {
        return TopicContent.read(LiveStack.shared().bootstrapServers(), registry, table.rowsTopic());
    }
}
