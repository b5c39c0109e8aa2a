package io.skyroll.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(120)
final class EmbeddedDatabaseIT {

    private static Path directory;
    private static EmbeddedDatabase database;

    @BeforeAll
    static void create(@TempDir Path fresh) {
        directory = fresh;
        database = start();
    }

    private static EmbeddedDatabase start() {
        return EmbeddedDatabase.start(directory, 0, EmbeddedDatabase.Durability.PROCESS);
    }

    @AfterAll
    static void stop() {
        database.close();
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> query(String sql) throws SQLException {
        try (Connection connection = database.connect()) {
            return query(connection, sql);
        }
    }

    private static List<String> query(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet found = statement.executeQuery(sql)) {
            List<String> values = new ArrayList<>();
            while (found.next()) {
                values.add(found.getString(1));
            }
            return values;
        }
    }

    @Test
    void whatAKilledCreationLeftRunningIsEndedFirst(@TempDir Path other) throws Exception {
        Path data = Files.createDirectories(other.toRealPath().resolve("data"));
        Path program = Files.writeString(
                other.resolve("initdb"), "for i in $(seq 3000); do mkdir -p $1/base/$i; sleep 0.01; done");
        Process orphan = new ProcessBuilder("sh", program.toString(), data.toString()).start();
        while (Files.notExists(data.resolve("base/1")) && orphan.isAlive()) {
            Thread.sleep(1);
        }
        try (EmbeddedDatabase created = EmbeddedDatabase.start(other, 0, EmbeddedDatabase.Durability.PROCESS);
                Connection connection = created.connect()) {
            assertThat(query(connection, "SELECT 1")).containsExactly("1");
            assertThat(orphan.isAlive()).isFalse();
        } finally {
            orphan.destroyForcibly();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "wal_level, logical",
        "max_wal_senders, 10",
        "max_replication_slots, 10",
        "fsync, off",
        "synchronous_commit, on",
        "listen_addresses, localhost",
        "server_encoding, UTF8",
    })
    void runsWithTheSetting(String name, String value) throws Exception {
        assertThat(query("SHOW " + name)).containsExactly(value);
    }

    @Test
    void waitsForTheDiskUnlessToldOtherwise(@TempDir Path other) throws Exception {
        try (EmbeddedDatabase durable = EmbeddedDatabase.start(other);
                Connection connection = durable.connect()) {
            assertThat(query(connection, "SHOW fsync")).containsExactly("on");
            assertThat(query(connection, "SHOW full_page_writes")).containsExactly("on");
            assertThat(query(connection, "SHOW synchronous_commit")).containsExactly("on");
        }
    }

    @Test
    void exportsTheSnapshotOfALogicalSlot() throws Exception {
        execute("CREATE TABLE seen (id int); INSERT INTO seen VALUES (1)");
        try (Connection replication = database.connectForReplication("postgres");
                Statement command = replication.createStatement();
                ResultSet slot = command.executeQuery(
                        "CREATE_REPLICATION_SLOT temporary_slot TEMPORARY LOGICAL pgoutput (SNAPSHOT 'export')")) {
            slot.next();
            String snapshot = slot.getString("snapshot_name");
            execute("INSERT INTO seen VALUES (2)");

            try (Connection reader = database.connect()) {
                reader.setAutoCommit(false);
                reader.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
                try (Statement statement = reader.createStatement()) {
                    statement.execute("SET TRANSACTION SNAPSHOT '" + snapshot + "'");
                }
                assertThat(query(reader, "SELECT id FROM seen")).containsExactly("1");
            }
        }
        assertThat(query("SELECT id FROM seen ORDER BY id")).containsExactly("1", "2");
    }

    @Test
    void keepsDataOverARestart() throws Exception {
        execute("CREATE TABLE kept AS SELECT 42 AS answer");

        stop();
        database = start();

        assertThat(query("SELECT answer FROM kept")).containsExactly("42");
    }

    @Test
    void startsAlthoughItsPidFileNamesAnotherLiveProcess() throws Exception {
        execute("CREATE TABLE survivor AS SELECT 1 AS id");
        stop();
        Path data = directory.toRealPath().resolve("data");
        Files.writeString(
                data.resolve("postmaster.pid"),
                "%d\n%s\n1700000000\n5432\n\nlocalhost\n"
                        .formatted(ProcessHandle.current().pid(), data));

        database = start();

        assertThat(query("SELECT id FROM survivor")).containsExactly("1");
    }

    @Test
    void createsAnewWhatWasCreatedInPart(@TempDir Path other) throws Exception {
        Files.createDirectories(other.resolve("data"));
        Files.writeString(other.resolve("data").resolve("postgresql.conf"), "");

        try (EmbeddedDatabase created = EmbeddedDatabase.start(other, 0, EmbeddedDatabase.Durability.PROCESS);
                Connection connection = created.connect()) {
            assertThat(query(connection, "SELECT 1")).containsExactly("1");
        }
    }

    @Test
    void refusesADirectoryInUse() throws Exception {
        assertThatThrownBy(() -> EmbeddedDatabase.start(directory))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "directory %s is in use by this process: stop that first, or name another directory",
                        directory.toRealPath());
    }

    @Test
    void namesThePortThatIsTakenAndLeavesTheDirectoryFree(@TempDir Path other) {
        assertThatThrownBy(() -> EmbeddedDatabase.start(other, database.port(), EmbeddedDatabase.Durability.PROCESS))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "could not start PostgreSQL on %s: could not listen on 127.0.0.1:%d", other, database.port());

        DirectoryLock.take(other).close();
    }

    @Test
    void refusesTheDataOfAnotherMajorVersion(@TempDir Path other) throws Exception {
        EmbeddedDatabase.start(other, 0, EmbeddedDatabase.Durability.PROCESS).close();
        Files.writeString(other.resolve("data").resolve("PG_VERSION"), "14\n");

        assertThatThrownBy(() -> EmbeddedDatabase.start(other))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "could not start PostgreSQL on %s: it holds data of PostgreSQL 14, and this is 18: name another directory",
                        other);
    }
}
