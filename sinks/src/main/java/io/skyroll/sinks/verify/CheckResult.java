package io.skyroll.sinks.verify;

import java.util.List;

/**
 * The outcome of one kind of check of one catalog.
 *
 * @param catalog which one
 * @param kind what was checked
 * @param lookedAt what was looked at, in words
 * @param count how many findings there are
 * @param findings the first of them
 */
public record CheckResult(String catalog, Kind kind, String lookedAt, long count, List<Finding> findings) {
    public CheckResult {
        findings = List.copyOf(findings);
    }
}
