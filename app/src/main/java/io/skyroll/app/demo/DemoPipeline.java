package io.skyroll.app.demo;

import io.skyroll.app.config.OutputConfig;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.CatalogConfig;
import io.skyroll.app.config.PipelineConfig.FilterConfig;
import io.skyroll.app.config.PipelineConfig.KafkaConfig;
import io.skyroll.app.config.PipelineConfig.SinkConfig;
import io.skyroll.app.config.PipelineConfig.SkyConfig;
import io.skyroll.app.config.PipelineConfig.SourceConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.local.EmbeddedDatabase;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Endpoint;
import io.skyroll.sinks.catalog.CatalogExtras;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The pipeline of a demo: what a file would say, and the embedded database as its source. */
public final class DemoPipeline {
    private static final int HIGHEST_ORDER = 10;
    private static final int RETAINED_VERSIONS = 5;
    private static final double MARGIN_ARCSEC = 5;
    private static final long ROW_GROUP_ROWS = 100_000;
    private static final int WORKERS = 2;
    private static final int CHUNK_BYTES = 32 << 20;

    private DemoPipeline() {}

    /**
     * The pipeline that publishes a table.
     *
     * @param collection the collection's directory; embedded services keep their data inside
     */
    public static PipelineConfig config(DemoTable table, Path collection, int partitions) {
        CatalogConfig catalog = new CatalogConfig(
                collection.toString(),
                table.name(),
                new OutputConfig.Hats(
                        table.product(),
                        table.thresholdRows(),
                        lowestOrder(partitions),
                        HIGHEST_ORDER,
                        true,
                        MARGIN_ARCSEC,
                        CatalogExtras.DEFAULTS),
                ROW_GROUP_ROWS,
                RETAINED_VERSIONS,
                Map.of());
        TableConfig tableConfig = new TableConfig(
                "public",
                table.name(),
                new SkyConfig("ra", "dec"),
                List.of(new FilterConfig("good_enough", table.filter())),
                catalog);
        return new PipelineConfig(
                "demo",
                new SourceConfig(Map.of(), WORKERS, CHUNK_BYTES, Optional.empty()),
                new KafkaConfig(Optional.empty(), partitions, 0, Map.of(), KafkaConfig.DEFAULT_MIN_FREE_BYTES),
                Optional.empty(),
                List.of(tableConfig),
                SinkConfig.DEFAULTS,
                collection.resolve("_skyroll/demo"));
    }

    /** Connections to the embedded database. */
    public static Connections connections(EmbeddedDatabase database) {
        return new Connections() {
            @Override
            public Connection open() throws SQLException {
                return database.connect();
            }

            @Override
            public Connection openReplication() throws SQLException {
                return database.connectForReplication("postgres");
            }

            @Override
            public Endpoint endpoint() {
                return new Endpoint("127.0.0.1", database.port(), "postgres", Map.of("user", database.user()));
            }
        };
    }

    /** The smallest order that has a cell for every partition. */
    private static int lowestOrder(int partitions) {
        int order = 0;
        while (12L << (2 * order) < partitions) {
            order++;
        }
        return order;
    }
}
