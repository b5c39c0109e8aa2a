package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.publish.KafkaAccess;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;

/** A PostgreSQL server and a Kafka broker that all tests of this process share; started at first use. */
final class LiveStack {
    private static final LiveStack SHARED = start();

    private final EmbeddedPostgres postgres;
    private final String bootstrapServers;

    private LiveStack(EmbeddedPostgres postgres, String bootstrapServers) {
        this.postgres = postgres;
        this.bootstrapServers = bootstrapServers;
    }

    static LiveStack shared() {
        return SHARED;
    }

    private static LiveStack start() {
        try {
            EmbeddedPostgres postgres = EmbeddedPostgres.builder()
                    .setServerConfig("wal_level", "logical")
                    .setServerConfig("max_wal_senders", "10")
                    .setServerConfig("max_replication_slots", "10")
                    .setServerConfig("fsync", "off")
                    .start();
            return new LiveStack(postgres, broker());
        } catch (Exception failure) {
            throw new IllegalStateException("cannot start PostgreSQL and Kafka", failure);
        }
    }

    private static String broker() throws Exception {
        Path directory = Files.createTempDirectory("skyroll-kafka");
        int brokerPort = freePort();
        int controllerPort = freePort();
        Properties settings = new Properties();
        settings.putAll(Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", "1"),
                Map.entry("controller.quorum.voters", "1@localhost:" + controllerPort),
                Map.entry(
                        "listeners",
                        "PLAINTEXT://localhost:%d,CONTROLLER://localhost:%d".formatted(brokerPort, controllerPort)),
                Map.entry("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT"),
                Map.entry("inter.broker.listener.name", "PLAINTEXT"),
                Map.entry("controller.listener.names", "CONTROLLER"),
                Map.entry("log.dirs", directory.toString()),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "2"),
                Map.entry("message.max.bytes", Integer.toString(16 << 20))));
        new Formatter()
                .setPrintStream(new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
                .setClusterId(Uuid.randomUuid().toString())
                .setNodeId(1)
                .setDirectories(List.of(directory.toString()))
                .setMetadataLogDirectory(directory.toString())
                .setControllerListenerName("CONTROLLER")
                .run();
        KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
        server.startup();
        Runtime.getRuntime().addShutdownHook(new Thread(server::shutdown));
        return "localhost:" + brokerPort;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    KafkaAccess kafka() {
        return new KafkaAccess(bootstrapServers, Map.of());
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    /** Connections to a new, empty database. */
    Database newDatabase(String name) throws SQLException {
        Database server =
                new Database("jdbc:postgresql://localhost:%d/postgres?user=postgres".formatted(postgres.getPort()));
        server.execute("DROP DATABASE IF EXISTS " + name + " WITH (FORCE)");
        server.execute("CREATE DATABASE " + name);
        return new Database("jdbc:postgresql://localhost:%d/%s?user=postgres".formatted(postgres.getPort(), name));
    }

    /**
     * A database of the shared server.
     *
     * @param url its JDBC address, role included
     */
    record Database(String url) implements Connections {

        @Override
        public Connection open() throws SQLException {
            return DriverManager.getConnection(url);
        }

        @Override
        public Connection openReplication() throws SQLException {
            return DriverManager.getConnection(
                    url + "&replication=database&preferQueryMode=simple&assumeMinServerVersion=10");
        }

        Database as(String role) {
            return new Database(url.replaceFirst("user=.*", "user=" + role));
        }

        void execute(String... commands) throws SQLException {
            try (Connection connection = open();
                    Statement statement = connection.createStatement()) {
                for (String command : commands) {
                    statement.execute(command);
                }
            }
        }

        /** All rows of a query, as text; null for SQL's. */
        List<List<String>> query(String sql) throws SQLException {
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

        String value(String sql) throws SQLException {
            return query(sql).get(0).get(0);
        }
    }
}
