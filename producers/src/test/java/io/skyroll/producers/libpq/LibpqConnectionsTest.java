package io.skyroll.producers.libpq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.producers.libpq.LibpqConnections.Server;
import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LibpqConnectionsTest {
    @TempDir
    private Path home = Path.of("");

    @Test
    void defaultsAreLocalhostThePortAndTheUsersOwnDatabase() {
        LibpqConnections connections = resolve(Map.of(), Map.of());

        assertThat(connections.servers()).containsExactly(new Server("localhost", 5432, "ann", ""));
        assertThat(connections.properties()).containsEntry("user", "ann").containsEntry("sslmode", "prefer");
    }

    @Test
    void explicitBeatsServiceBeatsEnvironmentBeatsDefault() throws IOException {
        service("[sky]", "host=fromservice", "dbname=fromservice", "port=7");
        Map<String, String> environment = Map.of(
                "PGHOST", "fromenv", "PGDATABASE", "fromenv", "PGPORT", "9", "PGUSER", "fromenv", "PGSERVICE", "sky");

        LibpqConnections connections = resolve(Map.of("host", "explicit"), environment);

        assertThat(connections.servers()).containsExactly(new Server("explicit", 7, "fromservice", ""));
        assertThat(connections.properties()).containsEntry("user", "fromenv");
    }

    @Test
    void serviceOfTheEnvironmentAloneSuffices() throws IOException {
        service(
                "[other]",
                "host=o",
                "[sky]",
                "# a comment",
                "",
                "  host=db.example  ",
                "user=u",
                "password=from service",
                "host=second");

        LibpqConnections connections = resolve(Map.of(), Map.of("PGSERVICE", "sky", "PGPASSWORD", "from env"));

        assertThat(connections.servers()).containsExactly(new Server("db.example", 5432, "u", "from service"));
    }

    @Test
    void inlineCommentsAndQuotesInServiceFilesAreTakenWhole() throws IOException {
        service("[sky]", "dbname=d2 # x", "user='q'");

        LibpqConnections connections = resolve(Map.of("service", "sky"), Map.of());

        assertThat(connections.servers().get(0).database()).isEqualTo("d2 # x");
        assertThat(connections.properties()).containsEntry("user", "'q'");
    }

    @Test
    void onlyTheFirstGroupOfANameIsRead() throws IOException {
        service("[sky]", "host=first", "[x]", "host=x", "[sky]", "port=99");

        assertThat(resolve(Map.of("service", "sky"), Map.of()).servers())
                .containsExactly(new Server("first", 5432, "ann", ""));
    }

    @Test
    void wrongServiceFilesSayFileAndLine() throws IOException {
        Path file = home.resolve(".pg_service.conf");
        service("[a]", "host = spaced", "[b]", "service=c", "[d]", "nonsense=1", "[e]", "ldap://x");

        assertThatThrownBy(() -> resolve(Map.of("service", "a"), Map.of()))
                .isInstanceOf(SkyrollException.class)
                .hasMessage("syntax error in service file \"%s\", line 2", file);
        assertThatThrownBy(() -> resolve(Map.of("service", "b"), Map.of()))
                .hasMessage("nested service specifications not supported in service file \"%s\", line 4", file);
        assertThatThrownBy(() -> resolve(Map.of("service", "d"), Map.of()))
                .hasMessage("syntax error in service file \"%s\", line 6", file);
        assertThatThrownBy(() -> resolve(Map.of("service", "nope"), Map.of("PGSYSCONFDIR", home + "/none")))
                .hasMessage("definition of service \"nope\" not found");
        assertThatThrownBy(() -> resolve(Map.of("service", "a"), Map.of("PGSERVICEFILE", "/no/such")))
                .hasMessage("service file \"/no/such\" not found");
    }

    @Test
    void systemServiceFileIsAskedWhenTheUsersHasNoSuchGroup() throws IOException {
        service("[other]", "host=o");
        Path system = Files.createDirectory(home.resolve("etc"));
        Files.writeString(system.resolve("pg_service.conf"), "[sky]\nhost=sys\n");

        assertThat(resolve(Map.of("service", "sky"), Map.of("PGSYSCONFDIR", system.toString()))
                        .servers())
                .containsExactly(new Server("sys", 5432, "ann", ""));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "h:5432:d:u:secret | secret",
                "*:*:*:*:any | any",
                "h:5432:d:other:no | ''",
                "h*:5432:d:u:no | ''",
                "h:5432:d:u:a\\:b\\\\c | a:b\\c",
                "h:5432:d:u:first:rest | first",
                "# h:5432:d:u:comment | ''",
                "h:5433:d:u:no | ''",
            })
    void passwordFileLines(String line, String password) throws IOException {
        passwords("rw-------", line);

        assertThat(resolve(Map.of("host", "h", "dbname", "d", "user", "u"), Map.of())
                        .servers())
                .containsExactly(new Server("h", 5432, "d", password));
    }

    @Test
    void firstMatchingPasswordLineWinsAndTrailingSpacesBelongToIt() throws IOException {
        passwords("rw-------", "x:*:*:*:no", "h:*:*:*:one \r", "h:5432:d:u:two");

        assertThat(resolve(Map.of("host", "h"), Map.of()).servers().get(0).password())
                .isEqualTo("one ");
    }

    @Test
    void passwordFileThatOthersMayReadIsIgnored() throws IOException {
        passwords("rw-r--r--", "*:*:*:*:secret");

        assertThat(resolve(Map.of(), Map.of()).servers().get(0).password()).isEmpty();
    }

    @Test
    void passwordVariableBeatsThePasswordFileAndAnEmptyOneIsUnset() throws IOException {
        passwords("r--------", "*:*:*:*:file");

        assertThat(resolve(Map.of(), Map.of("PGPASSWORD", "env"))
                        .servers()
                        .get(0)
                        .password())
                .isEqualTo("env");
        assertThat(resolve(Map.of(), Map.of("PGPASSWORD", "")).servers().get(0).password())
                .isEqualTo("file");
    }

    @Test
    void passwordIsLookedUpByHostNotByAddress() throws IOException {
        passwords("rw-------", "h:*:*:*:byname", "127.0.0.1:*:*:*:byaddress");

        assertThat(resolve(Map.of("host", "h", "hostaddr", "127.0.0.1"), Map.of())
                        .servers())
                .containsExactly(new Server("127.0.0.1", 5432, "ann", "byname"));
        assertThat(resolve(Map.of("hostaddr", "127.0.0.1"), Map.of())
                        .servers()
                        .get(0)
                        .password())
                .isEqualTo("byaddress");
    }

    @Test
    void severalHostsAreTriedInOrder() {
        assertThat(resolve(Map.of("host", "a,b", "port", "1,2"), Map.of()).servers())
                .extracting(Server::toString)
                .containsExactly("a:1/ann", "b:2/ann");
        assertThat(resolve(Map.of("host", "a,b", "port", "7"), Map.of()).servers())
                .extracting(Server::port)
                .containsExactly(7, 7);
        assertThatThrownBy(() -> resolve(Map.of("host", "a,b,c", "port", "1,2"), Map.of()))
                .hasMessage("could not match 2 port numbers to 3 hosts");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "postgresql://u:p%40w@h:7/d?application_name=x%20y | h:7/d | u | p@w",
                "postgres://h | h:5432/ann | ann | ''",
                "postgresql://u@[::1]:7,h2/d | ::1:7/d | u | ''",
                "postgresql:///d?host=q&user=z | q:5432/d | z | ''",
                "host = h port=7 dbname='my db' user=u password='a\\'b\\\\c' | h:7/my db | u | a'b\\c",
            })
    void connectionStrings(String url, String server, String user, String password) {
        LibpqConnections connections = resolve(Map.of("url", url), Map.of());

        assertThat(connections.servers().get(0)).hasToString(server);
        assertThat(connections.servers().get(0).password()).isEqualTo(password);
        assertThat(connections.properties()).containsEntry("user", user);
    }

    @Test
    void unknownAndMalformedParametersAreRefused() {
        assertThatThrownBy(() -> resolve(Map.of("url", "hoost=h"), Map.of()))
                .isInstanceOf(SkyrollException.class)
                .hasMessageStartingWith("source.url: invalid connection option \"hoost\"; known are [service, host,");
        assertThatThrownBy(() -> resolve(Map.of("url", "host"), Map.of()))
                .hasMessage("source.url: missing \"=\" after \"host\" in connection info string");
        assertThatThrownBy(() -> resolve(Map.of("url", "host='h"), Map.of()))
                .hasMessage("source.url: unterminated quoted string in connection info string");
        assertThatThrownBy(() -> resolve(Map.of("port", "70000"), Map.of()))
                .hasMessage("invalid port number: \"70000\"");
        assertThatThrownBy(() -> resolve(Map.of("host", "/run/postgresql"), Map.of()))
                .hasMessage(
                        "host /run/postgresql is a Unix-domain socket, which Java's driver does not reach: name a host that listens on TCP, such as localhost");
    }

    @Test
    void passwordIsNeverShown() {
        LibpqConnections connections = resolve(Map.of("url", "postgresql://u:secret@h/d"), Map.of());

        assertThat(connections.toString()).isEqualTo("PostgreSQL at [h:5432/d] as u");
        assertThat(connections.servers().toString()).doesNotContain("secret");
    }

    private LibpqConnections resolve(Map<String, String> explicit, Map<String, String> environment) {
        Map<String, String> all =
                new HashMap<>(Map.of("PGSYSCONFDIR", home.resolve("no-system").toString()));
        all.putAll(environment);
        return LibpqConnections.resolve(explicit, all, home, "ann");
    }

    private void service(String... lines) throws IOException {
        Files.write(home.resolve(".pg_service.conf"), List.of(lines));
    }

    private void passwords(String permissions, String... lines) throws IOException {
        Path file = home.resolve(".pgpass");
        Files.deleteIfExists(file);
        Files.write(file, List.of(lines));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(permissions));
    }
}
