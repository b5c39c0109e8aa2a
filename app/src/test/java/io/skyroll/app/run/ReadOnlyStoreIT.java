package io.skyroll.app.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.app.config.ConfigLoader;
import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.demo.DemoPipeline;
import io.skyroll.app.progress.NoProgress;
import io.skyroll.local.LocalStack;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(300)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class ReadOnlyStoreIT {
    private static final int ROWS = 500;

    private final LocalStack servers = LocalStack.temporary();
    private final Connections connections = DemoPipeline.connections(servers.database());

    @BeforeAll
    void fillDatabase() throws Exception {
        try (Connection connection = servers.database().connect();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE stars (id int PRIMARY KEY, ra float8, dec float8)");
            statement.execute(
                    "INSERT INTO stars SELECT i, i %% 360, i %% 90 FROM generate_series(1, %d) i".formatted(ROWS));
        }
    }

    @AfterAll
    void stopServers() {
        servers.close();
    }

    /** At the generation, at the step, among leaves and manifests, and in the version's directory. */
    @ParameterizedTest
    @ValueSource(ints = {0, 1, 9, 27})
    void nothingIsPublishedAndTheNextRunFinishes(int writes, @TempDir Path directory) throws Exception {
        PipelineConfig config = ConfigLoader.load(Files.writeString(
                directory.resolve("pipeline.yaml"),
                """
                pipeline: faulty%d
                source: {tables: [public.stars]}
                kafka: {bootstrap_servers: "%s", topic_partitions: 3}
                registry: {url: "%s"}
                sky: {ra_column: ra, dec_column: dec}
                catalog: {path: out}
                """
                        .formatted(
                                writes,
                                servers.kafka().bootstrapServers(),
                                servers.registry().url())));
        try (Services services = Services.forWholePipeline(config)) {
            PipelineRun broken = new PipelineRun(
                    config,
                    services,
                    connections,
                    new NoProgress(),
                    table -> new ReadOnlyStore(Stages.store(table), writes));

            assertThatThrownBy(() -> broken.run(false))
                    .isInstanceOfSatisfying(SkyrollException.class, failure -> assertThat(failure.kind())
                            .isEqualTo(FailureKind.UNAVAILABLE))
                    .hasMessageContaining("Read-only file system")
                    .hasMessageContaining(directory.resolve("out").toString())
                    .hasMessageContaining("have it mounted for writing and start again");
            assertThat(directory.resolve("out/collection.properties")).doesNotExist();

            RunReport report = new PipelineRun(config, services, connections, new NoProgress()).run(false);

            assertThat(report.catalogs())
                    .singleElement()
                    .satisfies(catalog -> assertThat(catalog.summary().rows()).isEqualTo(ROWS));
            assertThat(directory.resolve("out/collection.properties")).exists();
        }
    }
}
