package io.skyroll.producers.libpq;

import io.skyroll.producers.postgres.Endpoint;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/** Opens a connection to the first server that will do. Used once, by one thread. */
final class ServerSearch {
    private static final String UNABLE_TO_CONNECT = "08001";

    /** No connection, a connection lost, a server that starts or stops: then libpq goes on to the next server. */
    private static final Set<String> GOES_ON = Set.of(UNABLE_TO_CONNECT, "08006", "57P03");

    private static final String REJECTED = "08004";
    private static final String INVALID_PASSWORD = "28P01";

    private final ConnectionSettings settings;
    private final Map<String, String> protocol;

    /**
     * Prepares a search.
     *
     * @param protocol pgjdbc's properties that make a connection one for replication
     */
    ServerSearch(ConnectionSettings settings, Map<String, String> protocol) {
        this.settings = settings;
        this.protocol = protocol;
    }

    Connection open() throws SQLException {
        return search().connection();
    }

    /** The first server that will do, as a connection to it has shown. */
    Endpoint endpoint() throws SQLException {
        Found found = search();
        found.connection().close();
        Map<String, String> properties = new HashMap<>();
        Properties all = properties(found.server());
        all.stringPropertyNames().forEach(name -> properties.put(name, all.getProperty(name)));
        properties.put("options", startOptions());
        return new Endpoint(found.server().address(), found.server().port(), settings.database(), properties);
    }

    /** The run-time parameters as the options of a server process, in which a backslash keeps a space from ending one. */
    private String startOptions() {
        return settings.session().entrySet().stream()
                .map(parameter -> "-c %s=%s"
                        .formatted(
                                parameter.getKey(),
                                parameter.getValue().replace("\\", "\\\\").replace(" ", "\\ ")))
                .collect(Collectors.joining(" "));
    }

    private record Found(Server server, Connection connection) {}

    private Found search() throws SQLException {
        List<SQLException> failures = new ArrayList<>();
        for (TargetSession target : settings.target().walks()) {
            for (Server server : settings.servers()) {
                try {
                    return new Found(server, open(server, target));
                } catch (SQLException failure) {
                    if (!GOES_ON.contains(failure.getSQLState())) {
                        throw explained(failure, server);
                    }
                    failures.add(failure);
                }
            }
        }
        throw joined(failures);
    }

    private Connection open(Server server, TargetSession target) throws SQLException {
        // The constant part of the address names nothing, so that everything comes from the properties.
        @Nullable Connection connection = new Driver().connect("jdbc:postgresql://", properties(server));
        if (connection == null) {
            throw SkyrollException.defect("pgjdbc does not accept the properties of server %s".formatted(server));
        }
        try {
            Optional<String> refusal = refusal(connection, target);
            if (refusal.isPresent()) {
                throw new SQLException(
                        "connection to server at \"%s\", port %d failed: %s"
                                .formatted(server.host(), server.port(), refusal.get()),
                        UNABLE_TO_CONNECT);
            }
            try (Statement statement = connection.createStatement()) {
                for (Map.Entry<String, String> parameter : settings.session().entrySet()) {
                    statement.execute("SET %s = '%s'"
                            .formatted(parameter.getKey(), parameter.getValue().replace("'", "''")));
                }
            }
            return connection;
        } catch (SQLException failure) {
            connection.close();
            throw failure;
        }
    }

    private static Optional<String> refusal(Connection connection, TargetSession target) throws SQLException {
        if (target == TargetSession.ANY) {
            return Optional.empty();
        }
        try (Statement statement = connection.createStatement();
                ResultSet state = statement.executeQuery(
                        "SELECT pg_is_in_recovery(), current_setting('transaction_read_only')::bool")) {
            state.next();
            return target.refusal(state.getBoolean(1), state.getBoolean(2));
        }
    }

    Properties properties(Server server) {
        Properties properties = new Properties();
        properties.putAll(settings.driver());
        properties.putAll(protocol);
        properties.setProperty("PGHOST", server.address());
        properties.setProperty("PGPORT", Integer.toString(server.port()));
        properties.setProperty("PGDBNAME", settings.database());
        properties.setProperty("user", settings.user());
        // Also where there is none: without this property pgjdbc would look into password files by rules of its own.
        properties.setProperty("password", server.password().reveal());
        SslSettings ssl = settings.ssl();
        properties.setProperty("sslmode", ssl.mode());
        ssl.rootCertificate().ifPresent(path -> properties.setProperty("sslrootcert", path.toString()));
        ssl.certificate().ifPresent(path -> properties.setProperty("sslcert", path.toString()));
        ssl.key().ifPresent(path -> properties.setProperty("sslkey", path.toString()));
        // Also where there is none: else the driver would ask for it on the console.
        properties.setProperty("sslpassword", ssl.keyPassword().reveal());
        return properties;
    }

    /** Says about passwords what libpq says and the driver does not. */
    private static SQLException explained(SQLException failure, Server server) {
        String state = failure.getSQLState();
        if (server.password().isEmpty() && (REJECTED.equals(state) || INVALID_PASSWORD.equals(state))) {
            return new SQLException(
                    ("connection to server at \"%s\", port %d failed: fe_sendauth: no password supplied (give a password,"
                                    + " PGPASSWORD, or a line in the password file); the driver says: %s")
                            .formatted(server.host(), server.port(), failure.getMessage()),
                    state,
                    failure);
        }
        return server.password()
                .file()
                .filter(file -> INVALID_PASSWORD.equals(state))
                .map(file -> new SQLException(
                        "%s; password retrieved from file \"%s\"".formatted(failure.getMessage(), file),
                        state,
                        failure))
                .orElse(failure);
    }

    private static SQLException joined(List<SQLException> failures) {
        SQLException last = failures.get(failures.size() - 1);
        if (failures.size() == 1) {
            return last;
        }
        SQLException joined = new SQLException(
                failures.stream().map(SQLException::getMessage).distinct().collect(Collectors.joining("; ")),
                last.getSQLState());
        failures.forEach(joined::addSuppressed);
        return joined;
    }
}
