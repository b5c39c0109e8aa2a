package io.skyroll.app.command;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.producers.libpq.ConnectionSettings;
import io.skyroll.producers.libpq.Surroundings;
import io.skyroll.producers.postgres.Connections;

/** Opens the database that a pipeline file names, as libpq would. */
final class SourceConnections {

    private SourceConnections() {}

    static Connections of(PipelineConfig config) {
        return ConnectionSettings.resolve(config.source().connection(), Surroundings.ofProcess());
    }
}
