package io.skyroll.sinks.verify;

import java.util.List;
import java.util.stream.Stream;

/**
 * What a verification found.
 *
 * @param checks in the order in which they were made
 */
public record Report(List<CheckResult> checks) {
    public Report {
        checks = List.copyOf(checks);
    }

    /** Whether nothing is wrong. */
    public boolean isClean() {
        return count() == 0;
    }

    /** Findings of all checks, those included that are not told. */
    public long count() {
        return checks.stream().mapToLong(CheckResult::count).sum();
    }

    /** All findings that are told. */
    public Stream<Finding> findings() {
        return checks.stream().flatMap(check -> check.findings().stream());
    }
}
