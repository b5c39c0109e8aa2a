package io.skyroll.producers.snapshot;

import io.skyroll.local.LocalStack;
import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Endpoint;
import io.skyroll.producers.publish.KafkaAccess;
import io.skyroll.schemas.registry.RegistryClient;
import io.skyroll.schemas.registry.SchemaRegistry;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.postgresql.Driver;

/** The servers that all tests of this process share; started at first use. */
public final class LiveStack {
    private static final LiveStack SHARED = new LiveStack(LocalStack.temporary());

    private final LocalStack stack;

    private LiveStack(LocalStack stack) {
        this.stack = stack;
        Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
    }

    public static LiveStack shared() {
        return SHARED;
    }

    public KafkaAccess kafka() {
        return new KafkaAccess(bootstrapServers(), Map.of());
    }

    public String bootstrapServers() {
        return stack.kafka().bootstrapServers();
    }

    public SchemaRegistry registry() {
        return new RegistryClient(stack.registry().url());
    }

    /** A new, empty database. Replication slots that nobody reads are dropped: the server has a few only. */
    public Database newDatabase(String name) throws SQLException {
        url("postgres")
                .execute("SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active");
        url("postgres").execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)", "CREATE DATABASE " + name);
        return url(name);
    }

    private Database url(String database) {
        return new Database("jdbc:postgresql://127.0.0.1:%d/%s?user=%s"
                .formatted(stack.database().port(), database, stack.database().user()));
    }

    /**
     * A database of the shared server.
     *
     * @param url its JDBC address, role included
     */
    public record Database(String url) implements Connections {

        @Override
        public Connection open() throws SQLException {
            return DriverManager.getConnection(url);
        }

        @Override
        public Connection openReplication() throws SQLException {
            return DriverManager.getConnection(
                    url + "&replication=database&preferQueryMode=simple&assumeMinServerVersion=10");
        }

        @Override
        public Endpoint endpoint() {
            Properties parsed = Objects.requireNonNull(Driver.parseURL(url, new Properties()));
            return new Endpoint(
                    parsed.getProperty("PGHOST"),
                    Integer.parseInt(parsed.getProperty("PGPORT")),
                    parsed.getProperty("PGDBNAME"),
                    Map.of("user", parsed.getProperty("user")));
        }

        Database as(String role) {
            return new Database(url.replaceFirst("user=.*", "user=" + role));
        }

        public void execute(String... commands) throws SQLException {
            try (Connection connection = open();
                    Statement statement = connection.createStatement()) {
                for (String command : commands) {
                    statement.execute(command);
                }
            }
        }

        /** All rows of a query, as text; null for SQL's. */
        public List<List<String>> query(String sql) throws SQLException {
            try (Connection connection = open();
                    Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery(sql)) {
                List<List<String>> answer = new ArrayList<>();
                while (rows.next()) {
                    List<String> row = new ArrayList<>();
                    for (int i = 1; i <= rows.getMetaData().getColumnCount(); i++) {
                        row.add(rows.getString(i));
                    }
                    answer.add(row);
                }
                return answer;
            }
        }

        public String value(String sql) throws SQLException {
            return query(sql).get(0).get(0);
        }
    }
}
