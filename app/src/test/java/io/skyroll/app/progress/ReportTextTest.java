package io.skyroll.app.progress;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.app.run.RunReport;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.publish.VersionSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;

final class ReportTextTest {

    @Test
    void changedValuesAreAddedUpAndNamedByPolicy() {
        assertThat(lines(Map.of("time_24", 1L, "infinity", 1_234L)))
                .containsSubsequence(
                        "  rows rejected                       3",
                        "    named                             3",
                        "  values changed                  1,235",
                        "    infinity                      1,234",
                        "    time_24                           1",
                        "  rows out                            7");
    }

    @Test
    void whereNothingWasChangedNothingIsSaidOfIt() {
        assertThat(lines(Map.of())).noneMatch(line -> line.contains("changed")).contains("public.stars");
    }

    @Test
    void saysThatReadersArePinned() {
        assertThat(lines(Map.of(), OptionalLong.of(3)))
                .contains(
                        "  readers see            version 3, which they are pinned to; 'skyroll rollback --release' ends that");
    }

    private static List<String> lines(Map<String, Long> conversions) {
        return lines(conversions, OptionalLong.empty());
    }

    private static List<String> lines(Map<String, Long> conversions, OptionalLong pinned) {
        RunReport.Catalog catalog = new RunReport.Catalog(
                new TableName("p", "public", "stars"),
                "hats",
                "/out",
                "stars",
                "stars_g1_v000001",
                new VersionSummary(10, Map.of("named", 3L), 7, 1, 999, Optional.empty(), Instant.EPOCH),
                pinned,
                conversions);
        return ReportText.of(new RunReport(List.of(catalog), List.of(), Duration.ofSeconds(1)))
                .lines()
                .toList();
    }
}
