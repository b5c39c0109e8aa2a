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
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;

/** The servers that the tests of a thread share, one after the other; started at first use. */
public final class LiveStack {
    private static final ThreadLocal<LiveStack> SHARED =
            ThreadLocal.withInitial(() -> new LiveStack(LocalStack.temporary()));

    /** Connections of tests for what they do next, by their address: the server starts a process for each. */
    private static final Map<String, Queue<Connection>> FREE = new ConcurrentHashMap<>();

    /** Drops all that tests make in a database. */
    private static final String EMPTY =
            """
            DO $$
            DECLARE command text;
            BEGIN
                FOR command IN
                    SELECT format('DROP PUBLICATION %I', pubname) FROM pg_publication
                    UNION ALL
                    SELECT format('DROP EXTENSION %I CASCADE', extname) FROM pg_extension WHERE extname <> 'plpgsql'
                    UNION ALL
                    SELECT format('DROP SCHEMA %I CASCADE', nspname) FROM pg_namespace
                    WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
                LOOP
                    EXECUTE command;
                END LOOP;
                CREATE SCHEMA public;
                GRANT USAGE ON SCHEMA public TO PUBLIC;
            END $$""";

    private final LocalStack stack;
    /** The name of the database of the last test. */
    private String last = "";

    private LiveStack(LocalStack stack) {
        this.stack = stack;
        Runtime.getRuntime().addShutdownHook(new Thread(stack::close));
    }

    /** Those of this thread. Threads that a test starts are given what they need of them. */
    public static LiveStack shared() {
        return SHARED.get();
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

    /**
     * An empty database. Replication slots are dropped: the server has a few only. It is that of the test before under another name:
     * to make one is most of what the server would do for a small test. So each test has one at a time.
     */
    public Database newDatabase(String name) throws SQLException {
        Database server = url("postgres");
        if (last.isEmpty()) {
            server.execute("CREATE DATABASE " + name);
        } else {
            server.execute(
                    "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity WHERE datname = '%s'"
                            .formatted(last),
                    "SELECT pg_drop_replication_slot(slot_name) FROM pg_replication_slots WHERE NOT active",
                    "ALTER DATABASE %s RENAME TO emptied".formatted(last),
                    "ALTER DATABASE emptied RENAME TO %s".formatted(name));
            @Nullable Queue<Connection> ended = FREE.remove(url(last).url());
            for (Connection former : ended == null ? List.<Connection>of() : ended) {
                former.close();
            }
            url(name).execute(EMPTY);
        }
        last = name;
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
            doing(statement -> {
                for (String command : commands) {
                    statement.execute(command);
                }
                return commands.length;
            });
        }

        /** All rows of a query, as text; null for SQL's. */
        public List<List<String>> query(String sql) throws SQLException {
            return doing(statement -> {
                try (ResultSet rows = statement.executeQuery(sql)) {
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
            });
        }

        /** Does something by a connection that nobody uses. One that fails is not used again: it may be in a transaction. */
        private <T> T doing(Work<T> work) throws SQLException {
            Queue<Connection> free = FREE.computeIfAbsent(url, first -> new ConcurrentLinkedQueue<>());
            @Nullable Connection former = free.poll();
            Connection connection = former == null ? open() : former;
            boolean isDone = false;
            try (Statement statement = connection.createStatement()) {
                T answer = work.by(statement);
                isDone = true;
                return answer;
            } finally {
                if (isDone) {
                    free.add(connection);
                } else {
                    connection.close();
                }
            }
        }

        public String value(String sql) throws SQLException {
            return query(sql).get(0).get(0);
        }
    }

    private interface Work<T> {
        T by(Statement statement) throws SQLException;
    }
}
