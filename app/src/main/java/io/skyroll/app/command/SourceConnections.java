package io.skyroll.app.command;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.producers.libpq.LibpqConnections;
import io.skyroll.producers.postgres.Connections;
import java.nio.file.Path;

/** Opens the database that a pipeline file names, as libpq would. */
final class SourceConnections {

    private SourceConnections() {}

    static Connections of(PipelineConfig config) {
        return LibpqConnections.resolve(
                config.source().connection(),
                System.getenv(),
                Path.of(System.getProperty("user.home")),
                System.getProperty("user.name"));
    }
}
