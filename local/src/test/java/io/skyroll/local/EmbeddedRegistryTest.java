package io.skyroll.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.local.RegistryClient.Answer;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class EmbeddedRegistryTest {

    private static final String STAR = record("""
            {"name": "id", "type": "long"}""");
    private static final String STAR_WITH_DEFAULTED_FIELD =
            record("""
            {"name": "id", "type": "long"}, {"name": "mag", "type": "float", "default": 0}""");
    private static final String STAR_WITH_REQUIRED_FIELD =
            record("""
            {"name": "id", "type": "long"}, {"name": "mag", "type": "float"}""");
    private static final String STAR_WITH_TEXT_ID = record("""
            {"name": "id", "type": "string"}""");

    private Path directory;
    private EmbeddedRegistry registry;
    private RegistryClient client;

    private static String record(String fields) {
        return """
                {"type": "record", "name": "Star", "fields": [%s]}""".formatted(fields);
    }

    @BeforeEach
    void create(@TempDir Path fresh) {
        directory = fresh;
        start();
    }

    private void start() {
        registry = EmbeddedRegistry.start(directory);
        client = new RegistryClient(registry.url());
    }

    @AfterEach
    void stop() {
        registry.close();
    }

    private void restart() {
        stop();
        start();
    }

    @Test
    void givesIdsFromOneAndTheSameIdForTheSameSchemaInAnySubject() {
        assertThat(client.register("a", STAR)).isEqualTo(1);
        assertThat(client.register("b", STAR_WITH_TEXT_ID)).isEqualTo(2);
        assertThat(client.register("b2", STAR)).isEqualTo(1);
    }

    @Test
    void registersTheSameSchemaOfASubjectOnce() {
        client.register("a", STAR);

        assertThat(client.register("a", STAR.replace(" ", "\n  "))).isEqualTo(1);

        assertThat(client.get("/subjects/a/versions").body()).hasToString("[1]");
    }

    @Test
    void answersASchemaByIdWithTheRegistrysContentType() {
        int id = client.register("a", STAR);

        Answer answer = client.get("/schemas/ids/" + id);

        assertThat(answer.status()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualTo("application/vnd.schemaregistry.v1+json");
        assertThat(answer.body().size()).isEqualTo(1);
        assertThat(answer.body().path("schema").textValue())
                .isEqualTo("{\"type\":\"record\",\"name\":\"Star\",\"fields\":[{\"name\":\"id\",\"type\":\"long\"}]}");
        assertThat(client.get("/schemas/ids/" + id + "/schema")
                        .body()
                        .path("name")
                        .textValue())
                .isEqualTo("Star");
    }

    @Test
    void answersWhereASchemaIsUsed() {
        client.register("a", STAR);
        client.register("b", STAR_WITH_TEXT_ID);
        client.putLevel("/config/b", "NONE");
        client.register("b", STAR);

        assertThat(client.get("/schemas/ids/1/versions").body())
                .hasToString("[{\"subject\":\"a\",\"version\":1},{\"subject\":\"b\",\"version\":2}]");
    }

    @Test
    void listsSubjectsAndVersions() {
        client.register("b", STAR);
        client.register("a", STAR);
        client.register("a", STAR_WITH_DEFAULTED_FIELD);

        assertThat(client.get("/subjects").body()).hasToString("[\"a\",\"b\"]");
        assertThat(client.get("/subjects/a/versions").body()).hasToString("[1,2]");
        assertThat(client.get("/subjects/a/versions/1").body().path("id").intValue())
                .isEqualTo(1);
        Answer latest = client.get("/subjects/a/versions/latest");
        assertThat(latest.body().path("subject").textValue()).isEqualTo("a");
        assertThat(latest.body().path("version").intValue()).isEqualTo(2);
        assertThat(latest.body().path("id").intValue()).isEqualTo(2);
        assertThat(latest.body().path("schema").textValue()).contains("mag");
        assertThat(client.get("/subjects/a/versions/-1").body()).isEqualTo(latest.body());
    }

    @Test
    void findsTheVersionOfASchema() {
        client.register("a", STAR);
        client.register("a", STAR_WITH_DEFAULTED_FIELD);

        Answer found = client.postSchema("/subjects/a", STAR);

        assertThat(found.body().path("version").intValue()).isEqualTo(1);
        assertThat(found.body().path("id").intValue()).isEqualTo(1);
    }

    @Test
    void takesSubjectsThatNeedEncoding() {
        client.register("p.t%2Frows-value%20%C3%A9+", STAR);

        assertThat(client.get("/subjects").body().path(0).textValue()).isEqualTo("p.t/rows-value é+");
        assertThat(client.get("/subjects/p.t%2Frows-value%20%C3%A9%2B/versions").body())
                .hasToString("[1]");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            GET    | /subjects/none/versions        | 404 | 40401 | Subject 'none' not found.
            GET    | /subjects/none/versions/1      | 404 | 40401 | Subject 'none' not found.
            GET    | /subjects/a/versions/7         | 404 | 40402 | Version 7 not found.
            GET    | /subjects/a/versions/0         | 422 | 42202 | The specified version '0' is not a valid version id. Allowed values are between [1, 2^31-1] and the string "latest"
            GET    | /schemas/ids/99                | 404 | 40403 | Schema not found
            GET    | /schemas/ids/99/versions       | 404 | 40403 | Schema not found
            DELETE | /subjects/none                 | 404 | 40401 | Subject 'none' not found.
            DELETE | /subjects/a?permanent=true     | 404 | 40405 | Subject 'a' was not deleted first before being permanently deleted
            GET    | /config/a                      | 404 | 40408 | Subject 'a' does not have subject-level compatibility configured
            GET    | /nowhere                       | 404 | 404   | HTTP 404 Not Found
            PUT    | /subjects/a                    | 405 | 405   | HTTP 405 Method Not Allowed
            """)
    void refusesWithTheRegistrysErrorCodes(String method, String path, int status, int code, String message) {
        client.register("a", STAR);

        Answer answer = client.send(method, path, "");

        assertThat(answer.status()).isEqualTo(status);
        assertThat(answer.body().path("error_code").intValue()).isEqualTo(code);
        assertThat(answer.body().path("message").textValue()).isEqualTo(message);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
            {"schema": "{\\"type\\": \\"recrod\\"}"}                     | 42201 | Invalid schema:
            {"schema": "not json"}                                       | 42201 | Invalid schema:
            {"schema": ""}                                               | 42201 | Invalid schema:
            {"schema": "{\\"type\\": \\"record\\", \\"name\\": \\"R\\", \\"fields\\": [{\\"name\\": \\"f\\", \\"type\\": \\"int\\", \\"default\\": \\"x\\"}]}"} | 42201 | Invalid schema:
            {"schema": "\\"int\\"", "schemaType": "PROTOBUF"}            | 42201 | Invalid schema: the embedded registry takes schemaType AVRO only, not PROTOBUF
            {"schema": "\\"int\\"", "references": [{"name": "other"}]}   | 42201 | Invalid schema: the embedded registry takes no references to other schemas
            {"schemaType": "AVRO"}                                       | 42201 | Invalid schema: the request has no text under "schema"
            {"schema": "\\"int\\"", "id": 12}                            | 42205 | Subject a is not in import mode: this registry chooses ids itself
            """)
    void refusesWhatIsNoAvroSchema(String body, int code, String message) {
        Answer answer = client.send("POST", "/subjects/a/versions", body);

        assertThat(answer.status()).isEqualTo(422);
        assertThat(answer.body().path("error_code").intValue()).isEqualTo(code);
        assertThat(answer.body().path("message").textValue()).startsWith(message);
        assertThat(client.get("/subjects").body()).hasToString("[]");
    }

    @Test
    void refusesWhatIsNoJson() {
        Answer answer = client.send("POST", "/subjects/a/versions", "{");

        assertThat(answer.status()).isEqualTo(400);
        assertThat(answer.body().path("error_code").intValue()).isEqualTo(400);
    }

    @Test
    void answersThatASubjectDoesNotHaveASchema() {
        client.register("a", STAR);

        Answer answer = client.postSchema("/subjects/a", STAR_WITH_TEXT_ID);

        assertThat(answer.status()).isEqualTo(404);
        assertThat(answer.body().path("error_code").intValue()).isEqualTo(40403);
    }

    /** Which level lets which second schema pass, from the meaning of the levels. */
    @ParameterizedTest
    @CsvSource({
        "BACKWARD, defaulted, true",
        "BACKWARD, required, false",
        "BACKWARD, text, false",
        "FORWARD, defaulted, true",
        "FORWARD, required, true",
        "FORWARD, text, false",
        "FULL, defaulted, true",
        "FULL, required, false",
        "NONE, text, true",
    })
    void holdsNewSchemasToTheLevel(String level, String change, boolean compatible) {
        client.register("a", STAR);
        client.putLevel("/config", level);
        String next = next(change);

        Answer verdict = client.postSchema("/compatibility/subjects/a/versions/latest", next);
        Answer registered = client.postSchema("/subjects/a/versions", next);

        assertThat(verdict.body().path("is_compatible").booleanValue()).isEqualTo(compatible);
        assertThat(registered.status()).isEqualTo(compatible ? 200 : 409);
        assertThat(registered.body().path("error_code").intValue()).isEqualTo(compatible ? 0 : 409);
    }

    private static String next(String change) {
        return switch (change) {
            case "defaulted" -> STAR_WITH_DEFAULTED_FIELD;
            case "required" -> STAR_WITH_REQUIRED_FIELD;
            default -> STAR_WITH_TEXT_ID;
        };
    }

    @Test
    void comparesWithAllVersionsOnlyWhereTheLevelIsTransitive() {
        // The field without a default can be read from the second version's data, but not from the first's.
        client.register("a", STAR);
        client.register("a", STAR_WITH_DEFAULTED_FIELD);
        String path = "/compatibility/subjects/a/versions?verbose=true";

        Answer latest = client.postSchema(path, STAR_WITH_REQUIRED_FIELD);
        client.putLevel("/config/a", "BACKWARD_TRANSITIVE");
        Answer all = client.postSchema(path, STAR_WITH_REQUIRED_FIELD);

        assertThat(latest.body()).hasToString("{\"is_compatible\":true,\"messages\":[]}");
        assertThat(all.body().path("is_compatible").booleanValue()).isFalse();
        assertThat(all.body().path("messages").path(0).textValue())
                .contains("cannot read the data of an earlier one")
                .contains("mag");
    }

    @Test
    void comparesWithOneVersion() {
        client.register("a", STAR);
        client.register("a", STAR_WITH_DEFAULTED_FIELD);

        assertThat(client.postSchema("/compatibility/subjects/a/versions/1", STAR_WITH_REQUIRED_FIELD)
                        .body())
                .hasToString("{\"is_compatible\":false}");
        assertThat(client.postSchema("/compatibility/subjects/a/versions/2", STAR_WITH_REQUIRED_FIELD)
                        .body())
                .hasToString("{\"is_compatible\":true}");
        assertThat(client.postSchema("/compatibility/subjects/a/versions/3", STAR)
                        .body()
                        .path("error_code")
                        .intValue())
                .isEqualTo(40402);
        assertThat(client.postSchema("/compatibility/subjects/none/versions/latest", STAR)
                        .body())
                .hasToString("{\"is_compatible\":true}");
    }

    @Test
    void keepsALevelForAllAndOnePerSubject() {
        assertThat(client.get("/config").body()).hasToString("{\"compatibilityLevel\":\"BACKWARD\"}");

        assertThat(client.putLevel("/config", "FULL").body()).hasToString("{\"compatibility\":\"FULL\"}");
        client.putLevel("/config/a", "NONE");

        assertThat(client.get("/config/a").body()).hasToString("{\"compatibilityLevel\":\"NONE\"}");
        assertThat(client.get("/config/b?defaultToGlobal=true").body())
                .hasToString("{\"compatibilityLevel\":\"FULL\"}");
        assertThat(client.delete("/config/a").body()).hasToString("{\"compatibilityLevel\":\"NONE\"}");
        assertThat(client.get("/config/a").status()).isEqualTo(404);
        assertThat(client.putLevel("/config", "SOME").body().path("error_code").intValue())
                .isEqualTo(42203);
    }

    @Test
    void keepsIdsAndVersionNumbersOfADeletedSubject() {
        client.register("a", STAR);

        Answer deleted = client.delete("/subjects/a");

        assertThat(deleted.body()).hasToString("[1]");
        assertThat(client.get("/subjects").body()).hasToString("[]");
        assertThat(client.get("/subjects/a/versions").body().path("error_code").intValue())
                .isEqualTo(40401);
        assertThat(client.delete("/subjects/a").body().path("error_code").intValue())
                .isEqualTo(40404);
        assertThat(client.get("/schemas/ids/1").status()).isEqualTo(200);
        assertThat(client.register("a", STAR_WITH_TEXT_ID)).isEqualTo(2);
        assertThat(client.register("b", STAR)).isEqualTo(1);
        assertThat(client.get("/subjects/a/versions").body()).hasToString("[2]");
    }

    @Test
    void numbersAnErasedSubjectAnew() {
        client.register("a", STAR);
        client.delete("/subjects/a");

        client.delete("/subjects/a?permanent=true");

        assertThat(client.register("a", STAR_WITH_TEXT_ID)).isEqualTo(2);
        assertThat(client.get("/subjects/a/versions").body()).hasToString("[1]");
    }

    @Test
    void keepsEverythingOverARestart() {
        client.register("a", STAR);
        client.register("a", STAR_WITH_DEFAULTED_FIELD);
        client.register("gone", STAR_WITH_TEXT_ID);
        client.delete("/subjects/gone");
        client.putLevel("/config", "FULL_TRANSITIVE");
        client.putLevel("/config/a", "NONE");
        Answer latest = client.get("/subjects/a/versions/latest");

        restart();

        assertThat(client.get("/subjects").body()).hasToString("[\"a\"]");
        assertThat(client.get("/subjects/a/versions/latest").body()).isEqualTo(latest.body());
        assertThat(client.get("/config").body()).hasToString("{\"compatibilityLevel\":\"FULL_TRANSITIVE\"}");
        assertThat(client.get("/config/a").body()).hasToString("{\"compatibilityLevel\":\"NONE\"}");
        assertThat(client.register("b", "\"int\"")).isEqualTo(4);
    }

    @Test
    void dropsALineThatACrashCutOff() throws Exception {
        client.register("a", STAR);
        stop();
        Path journal = directory.resolve("journal.jsonl");
        String whole = Files.readString(journal);
        Files.writeString(journal, whole.substring(0, whole.length() / 2), StandardOpenOption.APPEND);

        start();

        assertThat(Files.readString(journal)).isEqualTo(whole);
        assertThat(client.register("b", STAR_WITH_TEXT_ID)).isEqualTo(2);
        restart();
        assertThat(client.get("/subjects").body()).hasToString("[\"a\",\"b\"]");
    }

    @Test
    void refusesToStartOnADamagedLine() throws Exception {
        client.register("a", STAR);
        stop();
        Path journal = directory.resolve("journal.jsonl");
        Files.writeString(journal, "{\"change\":\n", StandardOpenOption.APPEND);

        assertThatThrownBy(() -> EmbeddedRegistry.start(directory))
                .isInstanceOf(UncheckedIOException.class)
                .hasRootCauseInstanceOf(com.fasterxml.jackson.core.JsonProcessingException.class)
                .hasMessageContaining("could not open journal " + journal.toRealPath())
                .cause()
                .hasMessage("line 2 of %s is damaged", journal.toRealPath());
    }

    @Test
    void refusesADirectoryInUse() throws Exception {
        assertThatThrownBy(() -> EmbeddedRegistry.start(directory))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage(
                        "directory %s is in use by this process: stop that first, or name another directory",
                        directory.toRealPath());
    }

    @Test
    void namesThePortThatIsTaken() {
        int port = registry.url().getPort();

        assertThatThrownBy(() -> EmbeddedRegistry.start(directory.resolve("other"), port))
                .isInstanceOf(UncheckedIOException.class)
                .hasMessage("could not listen on 127.0.0.1:%d for the registry", port);
        EmbeddedRegistry.start(directory.resolve("other")).close();
    }

    @Test
    void closesTwice() {
        registry.close();
        registry.close();
    }
}
