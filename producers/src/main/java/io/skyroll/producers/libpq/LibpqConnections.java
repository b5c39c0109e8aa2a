package io.skyroll.producers.libpq;

import io.skyroll.producers.postgres.Connections;
import io.skyroll.schemas.failure.SkyrollException;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Opens connections to where libpq would connect with the same parameters: an explicit one comes before the service's, that before the
 * environment's, that before the default. Hosts are tried in order. pgjdbc does not reach Unix-domain sockets, so where libpq would
 * take its default socket we take TCP to {@code localhost}.
 *
 * <p>Immutable, thread-safe. The password is never shown.
 */
public final class LibpqConnections implements Connections {
    private static final int DEFAULT_PORT = 5432;
    private static final String DEFAULT_HOST = "localhost";

    private final List<Server> servers;
    private final Map<String, String> properties;

    private LibpqConnections(List<Server> servers, Map<String, String> properties) {
        this.servers = List.copyOf(servers);
        this.properties = Map.copyOf(properties);
    }

    /** A server to try, and the password for it; empty for none. */
    record Server(String address, int port, String database, String password) {
        String url() {
            String host = address.contains(":") ? "[" + address + "]" : address;
            return "jdbc:postgresql://%s:%d/%s"
                    .formatted(host, port, URLEncoder.encode(database, StandardCharsets.UTF_8));
        }

        @Override
        public String toString() {
            return "%s:%d/%s".formatted(address, port, database);
        }
    }

    /**
     * Resolves parameters.
     *
     * @param explicit libpq's keywords and values; {@code url} holds a connection string, whose parameters the others override
     * @param environment the process's environment variables
     * @param home the user's home directory
     * @param osUser the user's name in the operating system
     * @throws SkyrollException when something is malformed, unknown or not to be found
     */
    public static LibpqConnections resolve(
            Map<String, String> explicit, Map<String, String> environment, Path home, String osUser) {
        Map<Keyword, String> values = new EnumMap<>(Keyword.class);
        explicit.forEach((word, value) -> {
            if (!word.equals("url")) {
                values.put(Keyword.parse(word, "source"), value);
            }
        });
        Optional.ofNullable(explicit.get("url"))
                .ifPresent(url -> ConnectionString.parse(url).forEach(values::putIfAbsent));
        Optional<String> service =
                Optional.ofNullable(values.get(Keyword.SERVICE)).or(() -> Keyword.SERVICE.in(environment));
        service.ifPresent(name -> ServiceFile.lookup(name, environment, home).forEach(values::putIfAbsent));
        for (Keyword keyword : Keyword.values()) {
            keyword.in(environment).ifPresent(value -> values.putIfAbsent(keyword, value));
        }
        values.putIfAbsent(Keyword.USER, osUser);
        return new LibpqConnections(servers(values, home), properties(values));
    }

    @Override
    public Connection open() throws SQLException {
        return open(Map.of());
    }

    @Override
    public Connection openReplication() throws SQLException {
        return open(Map.of(
                PGProperty.REPLICATION.getName(), "database",
                PGProperty.PREFER_QUERY_MODE.getName(), "simple",
                PGProperty.ASSUME_MIN_SERVER_VERSION.getName(), "10"));
    }

    /** Where connections go, without secrets. */
    @Override
    public String toString() {
        return "PostgreSQL at %s as %s".formatted(servers, properties.get("user"));
    }

    /** The servers to try, in order. */
    List<Server> servers() {
        return servers;
    }

    /** What pgjdbc is given besides the address and the password. */
    Map<String, String> properties() {
        return properties;
    }

    private Connection open(Map<String, String> more) throws SQLException {
        SQLException last = null;
        for (Server server : servers) {
            Properties all = new Properties();
            all.putAll(properties);
            all.putAll(more);
            // An explicit password, even an empty one, keeps pgjdbc from looking for a password file by its own rules.
            all.setProperty("password", server.password());
            try {
                Connection connection = new Driver().connect(server.url(), all);
                if (connection != null) {
                    return connection;
                }
            } catch (SQLException failure) {
                if (last != null) {
                    failure.addSuppressed(last);
                }
                last = failure;
            }
        }
        throw last == null ? new SQLException("no server to connect to") : last;
    }

    private static List<Server> servers(Map<Keyword, String> values, Path home) {
        String[] hosts = split(values.get(Keyword.HOST));
        String[] addresses = split(values.get(Keyword.HOSTADDR));
        String[] ports = split(values.get(Keyword.PORT));
        int count = Math.max(hosts.length, addresses.length);
        if (addresses.length > 0 && hosts.length > 0 && addresses.length != hosts.length) {
            throw SkyrollException.configuration(
                    "could not match %d host names to %d hostaddr values".formatted(hosts.length, addresses.length));
        }
        if (ports.length > 1 && ports.length != Math.max(count, 1)) {
            throw SkyrollException.configuration(
                    "could not match %d port numbers to %d hosts".formatted(ports.length, Math.max(count, 1)));
        }
        String user = values.getOrDefault(Keyword.USER, "");
        String database = values.getOrDefault(Keyword.DBNAME, user);
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < Math.max(count, 1); i++) {
            String host = i < hosts.length && !hosts[i].isEmpty() ? hosts[i] : "";
            String address = i < addresses.length && !addresses[i].isEmpty() ? addresses[i] : "";
            if (host.startsWith("/") || host.startsWith("@")) {
                throw SkyrollException.configuration(
                        "host %s is a Unix-domain socket, which Java's driver does not reach: name a host that listens on TCP, such as localhost"
                                .formatted(host));
            }
            int port = port(ports.length == 0 ? "" : ports[ports.length == 1 ? 0 : i]);
            String named = !host.isEmpty() ? host : !address.isEmpty() ? address : DEFAULT_HOST;
            servers.add(new Server(
                    address.isEmpty() ? named : address,
                    port,
                    database,
                    password(values, home, named, port, database, user)));
        }
        return servers;
    }

    private static String password(
            Map<Keyword, String> values, Path home, String host, int port, String database, String user) {
        String explicit = values.getOrDefault(Keyword.PASSWORD, "");
        if (!explicit.isEmpty()) {
            return explicit;
        }
        Path file =
                Optional.ofNullable(values.get(Keyword.PASSFILE)).map(Path::of).orElse(home.resolve(".pgpass"));
        return PasswordFile.lookup(file, host, port, database, user).orElse("");
    }

    private static int port(String text) {
        if (text.isEmpty()) {
            return DEFAULT_PORT;
        }
        int port = text.matches("\\d{1,5}") ? Integer.parseInt(text) : 0;
        if (port < 1 || port > 65_535) {
            throw SkyrollException.configuration("invalid port number: \"%s\"".formatted(text));
        }
        return port;
    }

    private static Map<String, String> properties(Map<Keyword, String> values) {
        Map<String, String> properties = new HashMap<>();
        values.forEach(
                (keyword, value) -> keyword.jdbcProperty().ifPresent(property -> properties.put(property, value)));
        properties.putIfAbsent("sslmode", "prefer");
        Optional.ofNullable(values.get(Keyword.TARGET_SESSION_ATTRS))
                .ifPresent(wanted -> properties.put("targetServerType", targetServerType(wanted)));
        return properties;
    }

    private static String targetServerType(String wanted) {
        return switch (wanted) {
            case "any" -> "any";
            case "read-write", "primary" -> "primary";
            case "read-only", "standby" -> "secondary";
            case "prefer-standby" -> "preferSecondary";
            default -> throw SkyrollException.configuration(
                    "invalid target_session_attrs value: \"%s\"".formatted(wanted));
        };
    }

    private static String[] split(@Nullable String list) {
        return list == null || list.isEmpty() ? new String[0] : list.split(",", -1);
    }
}
