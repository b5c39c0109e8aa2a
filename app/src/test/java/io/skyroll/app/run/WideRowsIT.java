package io.skyroll.app.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.progress.NoProgress;
import io.skyroll.producers.publish.ControlWriter;
import io.skyroll.producers.publish.Packing;
import io.skyroll.producers.publish.ProgressTopic;
import io.skyroll.producers.publish.RowWriter;
import io.skyroll.producers.publish.RowWriter.RecordForm;
import io.skyroll.producers.publish.RowsTopic;
import io.skyroll.producers.publish.SnapshotRun;
import io.skyroll.producers.publish.TableRun;
import io.skyroll.producers.publish.TransactionalWriter;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.schemas.wire.AvroBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Rows with more columns than PostgreSQL's 1,600, put into the topic by hand. */
@Timeout(120)
final class WideRowsIT {
    private static final int COLUMNS = 2_000;
    private static final int ROWS = 20;

    @Test
    @DisplayName("rows of 2,000 columns go from the rows topic through stream and sink into a catalog")
    void twoThousandColumnsReachTheCatalog(@TempDir Path directory) throws Exception {
        Path file = Files.writeString(
                directory.resolve("pipeline.yaml"),
                """
                pipeline: wide
                source: {tables: [public.wide]}
                sky: {ra_column: c1, dec_column: c2}
                kafka: {topic_partitions: 2}
                catalog: {path: out}
                """);
        PipelineConfig config = ConfigLoader.load(file);
        Files.createDirectories(config.dataDirectory());
        try (Services services = Services.forWholePipeline(config);
                Stages stages = new Stages(config, services);
                RunningStages running = new RunningStages(config, stages, new NoProgress(), () -> ROWS)) {
            TableRun written =
                    write(stages, services, stages.name(config.tables().get(0)));
            running.openStores(Stages::store);
            running.start(false);
            running.awaitPublished(Map.of(written.topic().name(), written.position()), ROWS);
        }

        List<List<Object>> found = new ArrayList<>();
        try (Connection duckDb = DriverManager.getConnection("jdbc:duckdb:");
                ResultSet rows = duckDb.createStatement()
                        .executeQuery(
                                "SELECT COLUMNS('c[0-9]+') FROM read_parquet('%s/*/dataset/**/*.parquet') ORDER BY c0"
                                        .formatted(directory.resolve("out")))) {
            while (rows.next()) {
                List<Object> row = new ArrayList<>();
                for (int column = 1; column <= rows.getMetaData().getColumnCount(); column++) {
                    row.add(rows.getObject(column));
                }
                found.add(row);
            }
        }
        assertThat(found).hasSize(ROWS);
        for (int row = 0; row < ROWS; row++) {
            assertThat(found.get(row)).isEqualTo(values(row));
        }
    }

    private static TableRun write(Stages stages, Services services, TableName name) {
        List<Column> columns = new ArrayList<>();
        for (int column = 0; column < COLUMNS; column++) {
            columns.add(new Column("c" + column, column == 0 ? ColumnType.INT64 : ColumnType.FLOAT64, column > 2));
        }
        RowSchema schema = new RowSchema(RowSchema.recordName("public", "wide"), columns, List.of("c0"));
        SnapshotRun run = new SnapshotRun(new Position(1, 1, 1), "1", 1, Instant.EPOCH);
        try (Admin admin = stages.kafka().admin();
                TransactionalWriter writer = TransactionalWriter.open(stages.kafka(), "wide rows")) {
            RowsTopic topic = RowsTopic.open(admin, services.registry(), name, schema, 2);
            ProgressTopic progress = ProgressTopic.open(admin, services.registry(), name.pipeline());
            TableRun table = new TableRun(topic, run, 1, new StageMeter());
            try (ControlWriter control = ControlWriter.open(stages.kafka(), progress, name.pipeline())) {
                control.reset(List.of(table));
                RowWriter rows = new RowWriter(writer, progress, table, new RecordForm(Packing.BATCHES, 1 << 16));
                rows.begin();
                for (int row = 0; row < ROWS; row++) {
                    rows.write(avro(row), key(row));
                }
                rows.commit(0, "wide", 0, 1);
                control.cut(List.of(table));
            }
            return table;
        }
    }

    /** One value in seven is null. */
    private static List<Object> values(int row) {
        List<Object> values = new ArrayList<>();
        values.add((long) row);
        values.add((double) row);
        values.add((double) -row);
        for (int column = 3; column < COLUMNS; column++) {
            values.add((row + column) % 7 == 0 ? null : row + column / 8.0);
        }
        return values;
    }

    private static AvroBuffer avro(int row) {
        AvroBuffer buffer = key(row);
        List<Object> values = values(row);
        for (int column = 1; column < COLUMNS; column++) {
            if (column > 2) {
                buffer.writeByte(values.get(column) == null ? 0 : 2);
            }
            if (values.get(column) instanceof Double value) {
                buffer.writeDoubleBits(Double.doubleToLongBits(value));
            }
        }
        return buffer;
    }

    private static AvroBuffer key(int row) {
        AvroBuffer buffer = new AvroBuffer(COLUMNS * 9);
        buffer.writeLong(row);
        return buffer;
    }
}
