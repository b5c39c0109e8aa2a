package io.skyroll.producers.libpq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.skyroll.local.EmbeddedDatabase;
import io.skyroll.local.EmbeddedDatabase.Durability;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** A server that asks one role, ann, for a password, and nobody else. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ConnectionSettingsIT {
    @TempDir
    private Path home = Path.of("");

    private EmbeddedDatabase database;
    private int closedPort;

    @BeforeAll
    void start(@TempDir Path directory) throws IOException, SQLException {
        database = EmbeddedDatabase.start(directory, 0, Durability.PROCESS);
        try (ServerSocket socket = new ServerSocket(0)) {
            closedPort = socket.getLocalPort();
        }
        try (Connection connection = superuser(Map.of()).open()) {
            query(connection, "SET password_encryption = 'scram-sha-256'");
            query(connection, "CREATE ROLE ann LOGIN PASSWORD 'right' REPLICATION");
            Path rules = Path.of(query(connection, "SHOW hba_file"));
            Files.writeString(rules, "host all ann all scram-sha-256\n" + Files.readString(rules));
            query(connection, "SELECT pg_reload_conf()");
        }
        await().untilAsserted(() -> assertThatThrownBy(
                        () -> ann(Map.of("password", "wrong")).open().close())
                .isInstanceOf(SQLException.class));
    }

    @AfterAll
    void stop() {
        database.close();
    }

    @Test
    void passwordFileOpensBothKindsOfConnection() throws IOException, SQLException {
        passwords("right");

        try (Connection connection = ann(Map.of()).open();
                Connection replication = ann(Map.of()).openReplication()) {
            assertThat(query(connection, "SELECT current_user || '@' || current_database()"))
                    .isEqualTo("ann@postgres");
            assertThat(query(replication, "IDENTIFY_SYSTEM")).matches("\\d+");
        }
    }

    @Test
    void wrongPasswordSaysWhichFileItCameFrom() throws IOException {
        Path file = passwords("wrong");

        assertThatThrownBy(() -> ann(Map.of()).open())
                .isInstanceOf(SQLException.class)
                .hasMessageEndingWith("; password retrieved from file \"%s\"", file)
                .message()
                .doesNotContain("wrong");
    }

    @Test
    void missingPasswordIsSaidInLibpqsWords() {
        assertThatThrownBy(() -> ann(Map.of("passfile", home + "/none")).open())
                .isInstanceOf(SQLException.class)
                .hasMessageStartingWith(
                        "connection to server at \"localhost\", port %d failed: fe_sendauth: no password supplied",
                        database.port());
    }

    @Test
    void serverThatRefusesTheUserIsTheLast() {
        Map<String, String> given = Map.of("port", database.port() + "," + closedPort, "host", "localhost,localhost");

        assertThatThrownBy(() -> resolve(given, environment("ann", "wrong")).open())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void serverThatDoesNotAnswerMakesWayForTheNext() throws SQLException {
        Map<String, String> given = Map.of("port", closedPort + "," + database.port(), "host", "localhost,localhost");

        try (Connection connection = superuser(given).open()) {
            assertThat(query(connection, "SELECT inet_server_port()")).isEqualTo(Integer.toString(database.port()));
        }
    }

    @Test
    void serverOfTheWrongKindIsNotTaken() throws SQLException {
        assertThatThrownBy(() ->
                        superuser(Map.of("target_session_attrs", "standby")).open())
                .hasMessage(
                        "connection to server at \"localhost\", port %d failed: server is not in hot standby mode",
                        database.port());
        assertThatThrownBy(() -> superuser(Map.of(
                                "target_session_attrs", "read-write", "options", "-c default_transaction_read_only=on"))
                        .open())
                .hasMessageEndingWith("session is read-only");

        try (Connection connection =
                superuser(Map.of("target_session_attrs", "prefer-standby")).openReplication()) {
            assertThat(query(connection, "SELECT 1")).isEqualTo("1");
        }
    }

    @Test
    void timeZoneOfTheEnvironmentReachesTheSession() throws SQLException {
        ConnectionSettings settings = resolve(
                Map.of("user", database.user(), "port", Integer.toString(database.port())),
                Map.of("PGTZ", "Asia/Tokyo"));

        try (Connection connection = settings.open();
                Connection replication = settings.openReplication()) {
            assertThat(query(connection, "SHOW timezone")).isEqualTo("Asia/Tokyo");
            assertThat(query(replication, "SHOW timezone")).isEqualTo("Asia/Tokyo");
        }
    }

    private ConnectionSettings superuser(Map<String, String> given) {
        return resolve(given, environment(database.user(), ""));
    }

    private ConnectionSettings ann(Map<String, String> given) {
        return resolve(given, environment("ann", ""));
    }

    private Map<String, String> environment(String user, String password) {
        return Map.of(
                "PGUSER",
                user,
                "PGPORT",
                Integer.toString(database.port()),
                "PGDATABASE",
                "postgres",
                "PGPASSWORD",
                password);
    }

    private ConnectionSettings resolve(Map<String, String> given, Map<String, String> environment) {
        return ConnectionSettings.resolve(given, new Surroundings(environment, home, "ann"));
    }

    private Path passwords(String password) throws IOException {
        Path path = Files.writeString(home.resolve(".pgpass"), "localhost:*:postgres:ann:" + password + "\n");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        return path;
    }

    /** The first value of an answer, or nothing. */
    private static String query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            if (!statement.execute(sql)) {
                return "";
            }
            try (ResultSet answer = statement.getResultSet()) {
                return answer.next() ? answer.getString(1) : "";
            }
        }
    }
}
