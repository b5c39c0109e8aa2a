package io.skyroll.producers.libpq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

class ConnectionSettingsTest {
    @TempDir
    private Path home = Path.of("");

    @Test
    void defaultsAreALocalServerAndTheUsersOwnDatabase() {
        ConnectionSettings settings = resolve(Map.of(), Map.of());

        assertThat(settings.servers()).containsExactly(new Server("localhost", "localhost", 5432, Password.NONE));
        assertThat(settings.user()).isEqualTo("ann");
        assertThat(settings.database()).isEqualTo("ann");
        assertThat(settings.ssl().mode()).isEqualTo("prefer");
        assertThat(settings.target()).isEqualTo(TargetSession.ANY);
        assertThat(settings.driver())
                .containsExactlyInAnyOrderEntriesOf(Map.of("connectTimeout", "0", "tcpKeepAlive", "true"));
        assertThat(settings.session()).isEmpty();
    }

    /** Measured with libpq 15.18: what is given, the service file, PGDATABASE, and the database that follows. */
    static Stream<Arguments> precedence() {
        return Stream.of(
                arguments(Map.of("dbname", "given"), "dbname=svc", "env", "given"),
                arguments(Map.of("url", "dbname=string"), "dbname=svc", "env", "string"),
                arguments(Map.of("url", "postgresql:///string", "dbname", "given"), "dbname=svc", "env", "given"),
                arguments(Map.of("dbname", "postgresql:///string"), "dbname=svc", "env", "string"),
                arguments(Map.of("dbname", "dbname=string"), "dbname=svc", "env", "string"),
                arguments(Map.of(), "dbname=svc", "env", "svc"),
                arguments(Map.of("dbname", ""), "dbname=svc", "env", "svc"),
                arguments(Map.of(), "user=x", "env", "env"),
                arguments(Map.of(), "user=x", "", "x"),
                arguments(Map.of(), "port=7", "", "ann"),
                // An empty value hides what is lower, and then counts as none.
                arguments(Map.of(), "dbname=", "env", "ann"),
                arguments(Map.of("url", "dbname=''"), "dbname=svc", "env", "ann"),
                // Connection strings are understood in given parameters only.
                arguments(Map.of(), "dbname=postgresql://z/y", "env", "postgresql://z/y"),
                arguments(Map.of(), "port=7", "dbname=z", "dbname=z"));
    }

    @ParameterizedTest
    @MethodSource("precedence")
    void givenBeatsServiceBeatsEnvironmentBeatsDefault(
            Map<String, String> given, String service, String variable, String database) throws IOException {
        Files.writeString(home.resolve(".pg_service.conf"), "[s]\n" + service + "\n");

        ConnectionSettings settings = resolve(given, Map.of("PGSERVICE", "s", "PGDATABASE", variable));

        assertThat(settings.database()).isEqualTo(database);
    }

    @Test
    void serviceAloneIsEnough() throws IOException {
        Files.writeString(
                home.resolve(".pg_service.conf"), "[sky]\nhost=db.example\nport=6543\ndbname=d\nuser=u\npassword=p\n");

        ConnectionSettings settings = resolve(Map.of(), Map.of("PGSERVICE", "sky", "PGPASSWORD", "env"));

        assertThat(settings.servers()).containsExactly(new Server("db.example", "db.example", 6543, Password.of("p")));
        assertThat(settings.user()).isEqualTo("u");
        assertThat(settings.database()).isEqualTo("d");
        assertThat(resolve(Map.of("service", "sky"), Map.of("PGSERVICE", "other")))
                .isEqualTo(settings);
        assertThat(resolve(Map.of("url", "postgresql://?service=sky"), Map.of()))
                .isEqualTo(settings);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "host=a,b port=1,2 | a:1 b:2",
                "host=a,b port=7 | a:7 b:7",
                "host=a,b | a:5432 b:5432",
                "host=a,b port=7, | a:7 b:5432",
                "host=a,,b | a:5432 localhost:5432 b:5432",
                "port=' 7 ' | localhost:7",
                "port='' | localhost:5432",
                "hostaddr=10.0.0.1,::1 port=1 | 10.0.0.1:1 ::1:1",
                "host=a,b hostaddr=10.0.0.1, | a=10.0.0.1:5432 b:5432",
                "host=/tmp hostaddr=10.0.0.1 | /tmp=10.0.0.1:5432",
                "postgresql://h1,h2:2/d | h1:5432 h2:2",
            })
    void serversAreListsWithOnePortOrOneEach(String url, String expected) {
        String servers = resolve(Map.of("url", url), Map.of()).servers().stream()
                .map(server -> server.host()
                        + (server.address().equals(server.host()) ? "" : "=" + server.address())
                        + ":" + server.port())
                .collect(Collectors.joining(" "));

        assertThat(servers).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "hostaddr=10.0.0.1,10.0.0.2 port=1,2,3 | could not match 3 port numbers to 2 hosts",
                "hostaddr=10.0.0.1,10.0.0.2 host=a | could not match 1 host names to 2 hostaddr values",
                "port=x | invalid integer value \"x\" for connection option \"port\"",
                "port=0 | invalid port number: \"0\"",
                "port=99999 | invalid port number: \"99999\"",
                "sslmode=foo | invalid sslmode value: \"foo\"",
                "sslmode='' | invalid sslmode value: \"\"",
                "channel_binding=x | invalid channel_binding value: \"x\"",
                "gssencmode=x | invalid gssencmode value: \"x\"",
                "target_session_attrs=x | invalid target_session_attrs value: \"x\"",
                "connect_timeout=x | invalid integer value \"x\" for connection option \"connect_timeout\"",
                "keepalives=x | invalid integer value \"x\" for connection option \"keepalives\"",
                "hostaddr=bad | could not parse network address \"bad\": give a name as host, not as hostaddr",
                "host=a,/tmp | host \"/tmp\" is a Unix socket, which JDBC cannot use: let the server listen on TCP"
                        + " (listen_addresses = 'localhost') and set host to localhost",
                "host=@x | host \"@x\" is a Unix socket, which JDBC cannot use: let the server listen on TCP"
                        + " (listen_addresses = 'localhost') and set host to localhost",
                "replication=database | connection option \"replication\" cannot be honoured over JDBC with the value"
                        + " \"database\": remove it",
                "ssl_min_protocol_version=TLSv1.3 | connection option \"ssl_min_protocol_version\" cannot be honoured"
                        + " over JDBC with the value \"TLSv1.3\": remove it (environment variable PGSSLMINPROTOCOLVERSION)",
            })
    void wrongValuesAreRefused(String url, String message) {
        assertThatThrownBy(() -> resolve(Map.of("url", url), Map.of()))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(message)
                .extracting(failure -> ((SkyrollException) failure).kind())
                .isEqualTo(FailureKind.CONFIGURATION);
    }

    @ParameterizedTest
    @CsvSource({
        "hots, invalid connection option \"hots\": did you mean \"host\"?",
        "Port, invalid connection option \"Port\": did you mean \"port\"?",
        "ssl_mode, invalid connection option \"ssl_mode\": did you mean \"sslmode\"?",
        "aplication_name, invalid connection option \"aplication_name\": did you mean \"application_name\"?",
        "qqqqqqqq, invalid connection option \"qqqqqqqq\"",
    })
    void unknownKeywordsNameTheNearest(String keyword, String message) {
        assertThatThrownBy(() -> resolve(Map.of(keyword, "x"), Map.of())).hasMessage(message);
    }

    /** Measured with libpq 15.18: what is given, PGPASSWORD (- for unset), and the password that follows. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            nullValues = "-",
            value = {
                "password=given | env | given",
                "``             | env | env",
                "``             | ``  | file",
                "``             | -   | file",
                "password=''    | env | file",
                "passfile=none  | -   | ``",
            })
    void passwordFileIsTheLastResort(String url, String variable, String password) throws IOException {
        passwords(".pgpass", "*:*:*:*:file");
        Map<String, String> environment = variable == null ? Map.of() : Map.of("PGPASSWORD", variable);

        assertThat(resolve(Map.of("url", url), environment)
                        .servers()
                        .get(0)
                        .password()
                        .reveal())
                .isEqualTo(password);
    }

    @Test
    void passwordFileIsNamedByParameterThenVariableThenDefault() throws IOException {
        passwords(".pgpass", "*:*:*:*:default");
        String variable = passwords("a", "*:*:*:*:variable").toString();
        String parameter = passwords("b", "*:*:*:*:parameter").toString();

        assertThat(password(Map.of(), Map.of("PGPASSFILE", ""))).isEqualTo("default");
        assertThat(password(Map.of(), Map.of("PGPASSFILE", variable))).isEqualTo("variable");
        assertThat(password(Map.of("passfile", parameter), Map.of("PGPASSFILE", variable)))
                .isEqualTo("parameter");
        assertThat(password(Map.of("passfile", home + "/none"), Map.of("PGPASSFILE", variable)))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "host=h hostaddr=127.0.0.1 | h:*:*:*:pw | true",
                "host=h hostaddr=127.0.0.1 | 127.0.0.1:*:*:*:pw | false",
                "hostaddr=127.0.0.1 | 127.0.0.1:*:*:*:pw | true",
                "hostaddr=127.0.0.1 | localhost:*:*:*:pw | false",
                "host='' | localhost:*:*:*:pw | true",
                "host=h | *:5432:*:*:pw | true",
                "user=u | *:*:u:*:pw | true",
                "user=u | *:*:*:u:pw | true",
                "user=u dbname=d | *:*:u:*:pw | false",
            })
    void passwordIsLookedUpByTheResolvedValues(String url, String line, boolean found) throws IOException {
        passwords(".pgpass", line);

        assertThat(password(Map.of("url", url), Map.of())).isEqualTo(found ? "pw" : "");
    }

    @Test
    void eachServerHasItsOwnPassword() throws IOException {
        passwords(".pgpass", "b:*:*:*:of b", "a:1:*:*:of a");

        assertThat(resolve(Map.of("host", "a,b,c", "port", "1"), Map.of()).servers())
                .extracting(server -> server.password().reveal())
                .containsExactly("of a", "of b", "");
    }

    @Test
    void environmentIsHonoured() {
        ConnectionSettings settings = resolve(
                Map.of("options", "-c b=2"),
                Map.ofEntries(
                        Map.entry("PGHOST", "h"),
                        Map.entry("PGHOSTADDR", "10.0.0.1"),
                        Map.entry("PGPORT", "7"),
                        Map.entry("PGDATABASE", "d"),
                        Map.entry("PGUSER", "u"),
                        Map.entry("PGPASSWORD", "p"),
                        Map.entry("PGOPTIONS", "-c a=1"),
                        Map.entry("PGAPPNAME", "app"),
                        Map.entry("PGSSLMODE", "require"),
                        Map.entry("PGREQUIREPEER", "postgres"),
                        Map.entry("PGCONNECT_TIMEOUT", "10"),
                        Map.entry("PGCLIENTENCODING", "UTF8"),
                        Map.entry("PGTARGETSESSIONATTRS", "read-write"),
                        Map.entry("PGCHANNELBINDING", "require"),
                        Map.entry("PGGSSENCMODE", "disable"),
                        Map.entry("PGKRBSRVNAME", "krb"),
                        Map.entry("PGTZ", "Asia/Tokyo"),
                        Map.entry("PGGEQO", "default"),
                        Map.entry("PGDATESTYLE", "German")));

        assertThat(settings.servers()).containsExactly(new Server("h", "10.0.0.1", 7, Password.of("p")));
        assertThat(settings.database()).isEqualTo("d");
        assertThat(settings.user()).isEqualTo("u");
        assertThat(settings.ssl().mode()).isEqualTo("require");
        assertThat(settings.target()).isEqualTo(TargetSession.READ_WRITE);
        assertThat(settings.driver())
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "options", "-c b=2",
                        "ApplicationName", "app",
                        "connectTimeout", "10",
                        "channelBinding", "require",
                        "gssEncMode", "disable",
                        "kerberosServerName", "krb",
                        "tcpKeepAlive", "true"));
        assertThat(settings.session()).containsExactlyInAnyOrderEntriesOf(Map.of("timezone", "Asia/Tokyo"));
    }

    @ParameterizedTest
    @CsvSource({"-1, 0", "0, 0", "1, 2", "30, 30", "2147483647, 2147483"})
    void connectTimeoutIsWhatLibpqWaits(String given, String seconds) {
        assertThat(resolve(Map.of("connect_timeout", given), Map.of()).driver())
                .containsEntry("connectTimeout", seconds);
    }

    @Test
    void applicationNameFallsBack() {
        assertThat(resolve(Map.of("fallback_application_name", "f"), Map.of()).driver())
                .containsEntry("ApplicationName", "f");
        assertThat(resolve(Map.of("fallback_application_name", "f"), Map.of("PGAPPNAME", "a"))
                        .driver())
                .containsEntry("ApplicationName", "a");
    }

    @Test
    void rootCertificateMakesRequireVerify() throws IOException {
        Path root = certificate("root.crt");

        assertThat(resolve(Map.of("sslmode", "require"), Map.of()).ssl().mode()).isEqualTo("verify-ca");
        assertThat(resolve(Map.of("sslmode", "verify-full"), Map.of()).ssl().rootCertificate())
                .contains(root);
        assertThat(resolve(Map.of("sslmode", "require", "sslrootcert", home + "/none"), Map.of())
                        .ssl()
                        .mode())
                .isEqualTo("require");
    }

    @Test
    void verificationNeedsARootCertificate() {
        assertThatThrownBy(() -> resolve(Map.of("sslmode", "verify-ca"), Map.of()))
                .hasMessage(
                        "root certificate file \"%s\" does not exist; either provide the file or change sslmode to"
                                + " disable server certificate verification",
                        home.resolve(".postgresql/root.crt"));
    }

    @Test
    void verificationOfNamesAndAddressesDoNotGoTogether() throws IOException {
        certificate("root.crt");

        assertThatThrownBy(
                        () -> resolve(Map.of("sslmode", "verify-full", "host", "h", "hostaddr", "10.0.0.1"), Map.of()))
                .hasMessageStartingWith("sslmode verify-full does not go together with hostaddr \"10.0.0.1\"");
    }

    @Test
    void revocationListsAreRefusedOnlyWhereCertificatesAreVerified() throws IOException {
        Map<String, String> environment = Map.of("PGSSLCRL", "/x");

        assertThat(resolve(Map.of("sslmode", "require"), environment).ssl().mode())
                .isEqualTo("require");

        certificate("root.crt");
        assertThatThrownBy(() -> resolve(Map.of("sslmode", "require"), environment))
                .hasMessage("connection option \"sslcrl\" cannot be honoured over JDBC with the value \"/x\": remove it"
                        + " (environment variable PGSSLCRL)");
    }

    @Test
    void certificateIsSentIfThereIsOneAndNeedsItsKey() throws IOException {
        assertThat(resolve(Map.of("sslcert", home + "/none"), Map.of()).ssl().certificate())
                .isEmpty();
        Path certificate = certificate("postgresql.crt");
        assertThatThrownBy(() -> resolve(Map.of(), Map.of()))
                .hasMessage(
                        "certificate present, but not private key file \"%s\"",
                        home.resolve(".postgresql/postgresql.key"));
        Path key = certificate("postgresql.key");

        SslSettings ssl = resolve(Map.of("sslpassword", "secret"), Map.of()).ssl();

        assertThat(ssl.certificate()).contains(certificate);
        assertThat(ssl.key()).contains(key);
        assertThat(ssl.keyPassword().reveal()).isEqualTo("secret");
    }

    @Test
    void passwordsAreNeverShown() throws IOException {
        ConnectionSettings settings =
                resolve(Map.of("url", "postgresql://u:secret1@h/d", "sslpassword", "secret2"), Map.of());

        assertThat(settings.toString()).doesNotContain("secret").contains("host=h", "password=***");
    }

    @Test
    void driverIsToldEverythingSoThatItLooksNothingUp() {
        ConnectionSettings settings = resolve(Map.of("host", "h", "hostaddr", "10.0.0.1"), Map.of());
        Map<String, String> protocol = Map.of("replication", "database");

        Properties properties = new ServerSearch(settings, protocol)
                .properties(settings.servers().get(0));

        assertThat(properties)
                .containsExactlyInAnyOrderEntriesOf(Map.of(
                        "PGHOST", "10.0.0.1",
                        "PGPORT", "5432",
                        "PGDBNAME", "ann",
                        "user", "ann",
                        "password", "",
                        "sslmode", "prefer",
                        "sslpassword", "",
                        "connectTimeout", "0",
                        "tcpKeepAlive", "true",
                        "replication", "database"));
    }

    private ConnectionSettings resolve(Map<String, String> given, Map<String, String> environment) {
        Map<String, String> all =
                new HashMap<>(Map.of("PGSYSCONFDIR", home.resolve("nowhere").toString()));
        all.putAll(environment);
        return ConnectionSettings.resolve(given, new Surroundings(all, home, "ann"));
    }

    private String password(Map<String, String> given, Map<String, String> environment) {
        return resolve(given, environment).servers().get(0).password().reveal();
    }

    private Path passwords(String name, String... lines) throws IOException {
        Path path = Files.writeString(home.resolve(name), String.join("\n", lines));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        return path;
    }

    private Path certificate(String name) throws IOException {
        Files.createDirectories(home.resolve(".postgresql"));
        return Files.writeString(home.resolve(".postgresql").resolve(name), "not looked into");
    }
}
