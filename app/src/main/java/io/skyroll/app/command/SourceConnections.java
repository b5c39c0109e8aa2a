package io.skyroll.app.command;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.producers.postgres.Connections;

/** Opens the database that a pipeline file names, as libpq would. */
final class SourceConnections {

    private SourceConnections() {}

    static Connections of(PipelineConfig config) {
        throw new UnsupportedOperationException("libpq resolution is being written: " + config.pipeline());
    }
}
