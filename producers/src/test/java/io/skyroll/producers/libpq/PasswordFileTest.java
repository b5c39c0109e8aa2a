package io.skyroll.producers.libpq;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Compared with libpq 15.18 (PQpass), which was given the same files. In the tables, ; ends a line of the file. */
class PasswordFileTest {
    @TempDir
    private Path home = Path.of("");

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "h:1:d:u:pw; | pw",
                "*:*:*:*:pw | pw",
                "h:1:d*:u:pw | ``",
                "h*:1:d:u:pw | ``",
                "\\*:*:*:*:pw | ``",
                "h:2:d:u:pw | ``",
                "h:1:d:v:pw | ``",
                "hh:1:d:u:pw | ``",
                "h:1:d:u:p\\:w\\\\x | p:w\\x",
                "h:1:\\d:u:pw | pw",
                "*:*:*:*:\\p\\w | pw",
                "*:*:*:*:pw\\ | pw\\",
                "h:1:d:u:p:w | p",
                "`h:1:d:u:pw  \r;` | `pw  `",
                "`*:*:*:*:pw\r\r;` | pw",
                "`*:*:*:*:p\rw;` | `p\rw`",
                "#h:1:d:u:no;;h:1:d:u:pw | pw",
                "` #x; *:*:*:*:a;*:*:*:*:b` | b",
                "*:*:*:*:a;*:*:*:*:b | a",
                "*:*:*:u:;*:*:*:*:b | ``",
                "*:*:*:u;*:*:*:*:b | b",
                "*:*:*:* | ``",
                "`\ufeff*:*:*:*:a` | ``",
                "*:*:*:*:é€ | é€",
            })
    void firstLineThatMatchesGivesThePassword(String file, String password) throws IOException {
        assertThat(open(file).password("h", "1", "d", "u").reveal()).isEqualTo(password);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "`` | localhost | true",
                "/var/run/postgresql | localhost | true",
                "/var/run/postgresql | /var/run/postgresql | false",
                "/run/postgresql | localhost | false",
                "/tmp | /tmp | true",
                "/tmp | localhost | false",
                "@abs | @abs | true",
                "::1 | \\:\\:1 | true",
                "127.0.0.1 | localhost | false",
                "localhost | 127.0.0.1 | false",
            })
    void hostsMatchByNameAndTheDefaultSocketIsLocalhost(String host, String field, boolean matches) throws IOException {
        Password password = open(field + ":*:*:*:pw").password(host, "5432", "d", "u");

        assertThat(password.reveal()).isEqualTo(matches ? "pw" : "");
    }

    @Test
    void fieldsWithEscapedColonsMatch() throws IOException {
        assertThat(open("h:1:a\\:b:u:pw").password("h", "1", "a:b", "u").reveal())
                .isEqualTo("pw");
    }

    @ParameterizedTest
    @CsvSource({
        "rw-------, true",
        "r--------, true",
        "rwx------, true",
        "rw-r--r--, false",
        "rw-r-----, false",
        "rw----r--, false",
        "rw------x, false",
        "rw--w----, false",
    })
    void fileThatOthersMayUseIsIgnored(String permissions, boolean used) throws IOException {
        Path path = write("*:*:*:*:pw");
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));

        assertThat(PasswordFile.open(path).password("h", "1", "d", "u").reveal())
                .isEqualTo(used ? "pw" : "");
        if (used) {
            assertThat(PasswordFile.complaint(path)).isEmpty();
        } else {
            assertThat(PasswordFile.complaint(path))
                    .contains(
                            "password file \"%s\" has group or world access; permissions should be u=rw (0600) or less"
                                    .formatted(path));
        }
    }

    @Test
    void symbolicLinkIsFollowed() throws IOException {
        Path link = Files.createSymbolicLink(home.resolve("link"), write("*:*:*:*:pw"));

        assertThat(PasswordFile.open(link).password("h", "1", "d", "u"))
                .isEqualTo(Password.fromFile("pw", link))
                .extracting(Password::file)
                .hasToString("Optional[%s]".formatted(link));
    }

    @Test
    void directoryIsNoPlainFile() throws IOException {
        assertThat(PasswordFile.complaint(home)).contains("password file \"%s\" is not a plain file".formatted(home));
        assertThat(PasswordFile.open(home).password("h", "1", "d", "u")).isEqualTo(Password.NONE);
    }

    @Test
    void missingFileHasNoPasswords() {
        assertThat(PasswordFile.open(home.resolve("none")).password("h", "1", "d", "u"))
                .isEqualTo(Password.NONE);
    }

    private PasswordFile open(String lines) throws IOException {
        return PasswordFile.open(write(lines));
    }

    private Path write(String lines) throws IOException {
        Path path = Files.writeString(home.resolve("pgpass"), lines.replace(';', '\n'));
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-------"));
        return path;
    }
}
