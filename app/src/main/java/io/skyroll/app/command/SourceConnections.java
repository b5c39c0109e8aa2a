package io.skyroll.app.command;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.schemas.failure.SkyrollException;
import java.net.URI;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Properties;

/** Opens the database that a pipeline file names; only by source.url so far. */
final class SourceConnections {

    private SourceConnections() {}

    static Connections of(PipelineConfig config) {
        URI url = URI.create(Optional.ofNullable(config.source().connection().get("url"))
                .orElseThrow(() -> SkyrollException.configuration("source.url: expected the database's address")));
        String address = "jdbc:postgresql://%s:%d%s".formatted(url.getHost(), url.getPort(), url.getPath());
        Properties properties = new Properties();
        Optional.ofNullable(url.getUserInfo()).ifPresent(user -> properties.setProperty("user", user));
        return new Connections() {
            @Override
            public Connection open() throws SQLException {
                return DriverManager.getConnection(address, properties);
            }

            @Override
            public Connection openReplication() throws SQLException {
                Properties replication = new Properties();
                replication.putAll(properties);
                replication.setProperty("replication", "database");
                replication.setProperty("preferQueryMode", "simple");
                replication.setProperty("assumeMinServerVersion", "10");
                return DriverManager.getConnection(address, replication);
            }
        };
    }
}
