package io.skyroll.app.status;

import io.skyroll.app.status.PipelineStatus.SlotStatus;
import io.skyroll.app.status.PipelineStatus.TableStatus;
import io.skyroll.app.status.PipelineStatus.VersionStatus;
import java.time.Duration;
import java.util.Optional;

/** A status for people. */
public final class StatusText {
    private final StringBuilder text = new StringBuilder();

    private StatusText() {}

    public static String of(PipelineStatus status) {
        StatusText of = new StatusText();
        of.text.append("pipeline %s%n".formatted(status.pipeline()));
        status.slot().ifPresent(of::slot);
        of.row("kafka", status.kafka());
        for (TableStatus table : status.tables()) {
            of.table(table);
            status.lags().stream()
                    .filter(lag -> lag.table().equals(table.table()))
                    .forEach(lag ->
                            of.row(lag.stage(), "%,d records of %s to read".formatted(lag.records(), lag.topic())));
        }
        status.attention().forEach(line -> of.text.append("%nattention: %s%n".formatted(line)));
        return of.text.toString();
    }

    private void slot(SlotStatus slot) {
        row(
                "slot",
                "%s, %s, %s"
                        .formatted(
                                slot.name(),
                                slot.state(),
                                slot.activePid()
                                        .map("read by server process %d"::formatted)
                                        .orElse("nobody reads it now")));
        if (slot.confirmed().isEmpty()) {
            return;
        }
        row(
                "log kept for it",
                "%,d bytes, %s"
                        .formatted(
                                slot.retainedBytes(),
                                slot.leftBytes()
                                        .map("%,d more until it is given up"::formatted)
                                        .orElse("nothing limits that")));
        row(
                "in Kafka up to",
                "%s, %,d bytes behind the end of the log".formatted(slot.confirmed(), slot.behindBytes()));
    }

    private void table(TableStatus table) {
        text.append("%ntable %s%n".formatted(table.table()));
        row("collection", table.collection());
        Optional<VersionStatus> newest = table.version();
        if (newest.isEmpty()) {
            row("version", "none yet");
            return;
        }
        VersionStatus version = newest.get();
        row(
                "version",
                "%s, committed %s, %,d rows".formatted(version.directory(), version.committed(), version.rows()));
        row(
                "shows",
                "%s, the source at %s, %s ago"
                        .formatted(version.position(), version.positionTime(), age(version.ageSeconds())));
        table.pinned().ifPresent(directory -> row("readers", "pinned to " + directory));
        if (table.isPaused()) {
            row("paused", "no new version is begun until 'skyroll resume'");
        }
    }

    private static String age(long seconds) {
        Duration age = Duration.ofSeconds(Math.max(0, seconds));
        return age.toDays() > 0
                ? "%d d %d h".formatted(age.toDays(), age.toHoursPart())
                : age.toHours() > 0
                        ? "%d h %d min".formatted(age.toHours(), age.toMinutesPart())
                        : "%d min %d s".formatted(age.toMinutes(), age.toSecondsPart());
    }

    private void row(String name, String value) {
        text.append("  %-18s %s%n".formatted(name, value));
    }
}
