package io.skyroll.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class MainTest {

    @Test
    void tellsTheVersionThatMavenBuilt() {
        CommandRun run = CommandRun.of("--version");

        assertThat(run.code()).isZero();
        assertThat(run.out()).matches("skyroll \\d+\\.\\d+\\.\\d+(-SNAPSHOT)?\\R");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void listsItsCommandsAndExitCodes() {
        CommandRun run = CommandRun.of("--help");

        assertThat(run.code()).isZero();
        assertThat(run.out())
                .contains("demo", "check", "plan", "run", "produce", "stream", "sink", "replay", "rollback")
                .containsPattern("2 +the command line or the pipeline file is wrong")
                .containsPattern("65 +")
                .containsPattern("75 +")
                .containsPattern("130 +");
    }

    @ParameterizedTest
    @ValueSource(strings = {"demo", "check", "plan", "run", "produce", "stream", "sink", "replay", "rollback"})
    void explainsEachCommand(String command) {
        CommandRun run = CommandRun.of(command, "--help");

        assertThat(run.code()).isZero();
        assertThat(run.out()).contains("Usage: skyroll " + command);
    }

    @Test
    void refusesACallWithoutACommand() {
        assertRefused(CommandRun.of(), "Missing required subcommand");
    }

    @Test
    void refusesAnUnknownCommandAndNamesTheNearest() {
        assertRefused(CommandRun.of("deno"), "Unmatched argument at index 0: 'deno'", "Did you mean: skyroll demo");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    --rows=0           | --rows: expected a number above 0, found 0
                    --rows=-5          | --rows: expected a number above 0, found -5
                    --rows=many        | Invalid value for option '--rows': 'many' is not a long
                    --partitions=0     | --partitions: expected a number from 1 to 1000, found 0
                    --partitions=1001  | --partitions: expected a number from 1 to 1000, found 1001
                    --partitons=3      | Unknown option: '--partitons=3'
                    """)
    void refusesAWrongOptionOfTheDemo(String option, String message) {
        assertRefused(CommandRun.of("demo", option), message);
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "produce", "stream", "sink", "check", "plan"})
    void refusesACommandWithoutAFile(String command) {
        assertRefused(CommandRun.of(command), "Missing required parameter: 'pipeline.yaml'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "produce", "stream", "sink", "check", "plan"})
    void refusesAFileThatIsNotThere(String command, @TempDir Path directory) {
        Path file = directory.resolve("pipeline.yaml");

        CommandRun run = CommandRun.of(command, file.toString());

        assertThat(run).isEqualTo(new CommandRun(2, "", "skyroll: there is no file %s%n".formatted(file)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"run", "produce", "stream", "sink", "check", "plan"})
    void tellsAllProblemsOfAFileBeforeItTouchesAnything(String command, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("pipeline.yaml"),
                """
                pipeline: stars
                sources:
                  host: 203.0.113.1
                sky: {ra_column: ra, dec_column: dec}
                catalog: {path: out}
                """);

        CommandRun run = CommandRun.of(command, file.toString());

        assertThat(run)
                .isEqualTo(new CommandRun(
                        2,
                        "",
                        """
                                skyroll: %s has 2 problems:
                                  - source.tables: expected at least one table, as schema.table
                                  - sources: unknown key, did you mean 'source'?
                                """
                                .formatted(file)));
        assertThat(filesIn(directory)).containsExactly(file);
    }

    @ParameterizedTest
    @ValueSource(strings = {"produce", "stream", "sink"})
    void refusesOneStageOverEmbeddedServers(String command, @TempDir Path directory) throws IOException {
        Path file = Files.writeString(
                directory.resolve("pipeline.yaml"),
                """
                pipeline: stars
                source: {host: 203.0.113.1, tables: [public.stars]}
                sky: {ra_column: ra, dec_column: dec}
                catalog: {path: out}
                """);

        assertRefused(CommandRun.of(command, file.toString()), "set kafka.bootstrap_servers and registry.url");
    }

    private static void assertRefused(CommandRun run, String... messages) {
        assertThat(run.code()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).contains(messages).doesNotContain("\tat ", "Exception");
    }

    private static List<Path> filesIn(Path directory) throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
