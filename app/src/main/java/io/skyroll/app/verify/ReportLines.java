package io.skyroll.app.verify;

import io.skyroll.sinks.verify.CheckResult;
import io.skyroll.sinks.verify.Report;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A verification's report as text: a line for every check, and its findings below. */
public final class ReportLines {

    private ReportLines() {}

    /** The text, catalog by catalog. */
    public static String of(Report report) {
        StringBuilder text = new StringBuilder();
        Map<String, List<CheckResult>> catalogs = report.checks().stream()
                .collect(Collectors.groupingBy(CheckResult::catalog, LinkedHashMap::new, Collectors.toList()));
        catalogs.forEach((catalog, checks) -> {
            text.append(catalog.isEmpty() ? "the directory itself" : catalog).append(System.lineSeparator());
            checks.forEach(check -> append(text, check));
        });
        text.append(report.isClean() ? "nothing is wrong%n".formatted() : "%,d findings%n".formatted(report.count()));
        return text.toString();
    }

    private static void append(StringBuilder text, CheckResult check) {
        String outcome = check.count() == 0 ? "ok" : "%,d findings".formatted(check.count());
        text.append("  %-12s %-12s %s%n".formatted(check.kind().label(), outcome, check.lookedAt()));
        check.findings().forEach(finding -> text.append("      %s: %s%n".formatted(finding.file(), finding.message())));
        long more = check.count() - check.findings().size();
        if (more > 0) {
            text.append("      and %,d more%n".formatted(more));
        }
    }
}
