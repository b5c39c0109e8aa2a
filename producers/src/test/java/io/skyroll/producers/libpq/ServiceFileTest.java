package io.skyroll.producers.libpq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compared with libpq 15.18, which was given the same files. */
class ServiceFileTest {
    @TempDir
    private Path home = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[s]/dbname=d/ | dbname=d",
                "[s]/dbname=d | dbname=d",
                " [s]/  dbname=d  /\tuser=u\t | dbname=d;user=u",
                "[s]/dbname= d | dbname= d",
                "[s]/dbname=d\r/user=u\r | dbname=d;user=u",
                "[s]/dbname=d # x | dbname=d # x",
                "[s]/password='x' | password='x'",
                "[s]/password=a=b | password=a=b",
                "[s]/dbname= | dbname=",
                "[s]/#user=u//  # x/dbname=d | dbname=d",
                "[s]/dbname=d/dbname=e | dbname=d",
                "[s]/dbname=d/[s]/user=u | dbname=d",
                "[s]/[s]/dbname=d | ``",
                "[s]junk/dbname=d | dbname=d",
                "garbage/[t]/garbage/[s]/dbname=d/[u]/garbage | dbname=d",
                "[s]/fallback_application_name=x | fallback_application_name=x",
            })
    void readsTheGroupAsLibpqDoes(String file, String expected) throws IOException {
        write(home.resolve(".pg_service.conf"), file);

        assertThat(joined(find("s", Map.of()))).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "[s]/dbname =d | syntax error in service file \"%s\", line 2: no blanks are allowed before the \"=\"",
                "#/[s]/dbname | syntax error in service file \"%s\", line 3: expected keyword=value",
                "[s]/user=u/hots=1 | syntax error in service file \"%s\", line 3: did you mean \"host\"?",
                "[s]/=x | syntax error in service file \"%s\", line 2",
                "[s]/DBNAME=x | syntax error in service file \"%s\", line 2: did you mean \"dbname\"?",
                "[s]/service=x | nested service specifications not supported in service file \"%s\", line 2",
                "[s]/ldap://x | LDAP look-ups are not supported in service file \"%s\", line 2: write the parameters out",
            })
    void saysWhichLineIsWrong(String file, String message) throws IOException {
        Path path = write(home.resolve(".pg_service.conf"), file);

        assertThatThrownBy(() -> find("s", Map.of()))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(message.formatted(path));
    }

    @ParameterizedTest
    @CsvSource({"[S]", "[s ]", "[ s]", "[ss]", "s"})
    void comparesNamesExactly(String head) throws IOException {
        write(home.resolve(".pg_service.conf"), head + "/dbname=d");

        assertThatThrownBy(() -> find("s", Map.of())).hasMessage("definition of service \"s\" not found");
    }

    @Test
    void namedFileReplacesTheUsers() throws IOException {
        write(home.resolve(".pg_service.conf"), "[s]/dbname=home");
        Path other = write(home.resolve("other"), "[s]/dbname=other");

        assertThat(joined(find("s", Map.of("PGSERVICEFILE", other.toString())))).isEqualTo("dbname=other");
    }

    @ParameterizedTest
    @CsvSource({"/no/such", "''"})
    void namedFileHasToExist(String name) throws IOException {
        write(home.resolve(".pg_service.conf"), "[s]/dbname=home");

        assertThatThrownBy(() -> find("s", Map.of("PGSERVICEFILE", name)))
                .hasMessage("service file \"%s\" not found".formatted(name));
    }

    @Test
    void systemsFileIsReadWhereTheOtherHasNoSuchGroup() throws IOException {
        Path system = Files.createDirectory(home.resolve("sys"));
        write(system.resolve("pg_service.conf"), "[s]/dbname=sys/[t]/dbname=systt");
        write(home.resolve(".pg_service.conf"), "[t]/dbname=home");
        Path named = write(home.resolve("other"), "[u]/dbname=other");

        assertThat(joined(find("s", Map.of("PGSYSCONFDIR", system.toString())))).isEqualTo("dbname=sys");
        assertThat(joined(find("t", Map.of("PGSYSCONFDIR", system.toString())))).isEqualTo("dbname=home");
        assertThat(joined(find("s", Map.of("PGSYSCONFDIR", system.toString(), "PGSERVICEFILE", named.toString()))))
                .isEqualTo("dbname=sys");
    }

    @Test
    void missingFilesAreNoErrorButAMissingDefinitionIs() {
        assertThatThrownBy(() -> find("s", Map.of())).hasMessage("definition of service \"s\" not found");
    }

    @Test
    void permissionsDoNotMatter() throws IOException {
        Path path = write(home.resolve(".pg_service.conf"), "[s]/dbname=d");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-rw-"));

        assertThat(joined(find("s", Map.of()))).isEqualTo("dbname=d");
    }

    private Map<Keyword, String> find(String service, Map<String, String> environment) {
        Map<String, String> all =
                new HashMap<>(Map.of("PGSYSCONFDIR", home.resolve("nowhere").toString()));
        all.putAll(environment);
        return ServiceFile.find(service, new Surroundings(all, home, "ann"));
    }

    /** Writes lines that are divided by slashes, except after a colon or another slash. */
    private static Path write(Path path, String lines) throws IOException {
        return Files.writeString(path, lines.replaceAll("(?<!:|:/)/", "\n"));
    }

    private static String joined(Map<Keyword, String> values) {
        return values.entrySet().stream()
                .map(entry -> entry.getKey().text() + "=" + entry.getValue())
                .sorted()
                .collect(Collectors.joining(";"));
    }
}
