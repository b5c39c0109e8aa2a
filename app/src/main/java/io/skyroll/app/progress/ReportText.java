package io.skyroll.app.progress;

import io.skyroll.app.run.RunReport;
import io.skyroll.app.run.StageProgress;
import io.skyroll.sinks.publish.VersionSummary;
import java.util.Locale;
import java.util.Map;

/** The text that a run ends with. */
public final class ReportText {

    private ReportText() {}

    public static String of(RunReport report) {
        StringBuilder text = new StringBuilder();
        for (RunReport.Catalog catalog : report.catalogs()) {
            append(catalog, text);
        }
        text.append(String.format(
                Locale.ROOT, "%n%-14s %8.1f s%n", "elapsed", report.elapsed().toMillis() / 1e3));
        for (StageProgress stage : report.stages()) {
            text.append(String.format(
                    Locale.ROOT, "%-14s %,14d rows %,12.0f rows/s%n", stage.name(), stage.rows(), stage.rate()));
        }
        return text.toString();
    }

    private static void append(RunReport.Catalog catalog, StringBuilder text) {
        VersionSummary summary = catalog.summary();
        text.append(String.format("%n%s%n", catalog.table().qualified()));
        row(text, "rows in", summary.rowsIn());
        row(text, "rows rejected", sum(summary.rejects()));
        for (Map.Entry<String, Long> rule : summary.rejects().entrySet()) {
            row(text, "  " + rule.getKey(), rule.getValue());
        }
        if (!catalog.conversions().isEmpty()) {
            row(text, "values changed", sum(catalog.conversions()));
            catalog.conversions().forEach((policy, count) -> row(text, "  " + policy, count));
        }
        row(text, "rows out", summary.rows());
        row(text, catalog.type().equals("hats") ? "leaves" : "files", summary.files());
        row(text, "bytes", summary.bytes());
        text.append(String.format("  %-22s %s%n", "collection", catalog.collection()));
        text.append(String.format("  %-22s %s/%s%n", "this version", catalog.collection(), catalog.directory()));
        catalog.pinned()
                .ifPresent(version -> text.append(String.format(
                        "  %-22s version %d, which they are pinned to; 'skyroll rollback --release' ends that%n",
                        "readers see", version)));
        open(catalog, text);
    }

    private static void open(RunReport.Catalog catalog, StringBuilder text) {
        String collection = catalog.collection();
        switch (catalog.type()) {
            case "hats" -> {
                text.append(String.format(
                        "  %-22s %s%n",
                        "open it with LSDB", "lsdb.open_catalog(\"%s\").compute()".formatted(collection)));
                duckDb(
                        text,
                        "or with DuckDB",
                        "'%s/%s/dataset/**/*.parquet'".formatted(collection, catalog.directory()));
            }
            case "parquet" -> {
                // Object stores have no second names.
                String current = collection.contains("://") ? catalog.directory() : "current";
                duckDb(
                        text,
                        "open it with DuckDB",
                        "'%s/%s/**/*.parquet', hive_partitioning = true".formatted(collection, current));
            }
            default -> duckDb(text, "open it with DuckDB", "'%s/%s.parquet'".formatted(collection, catalog.name()));
        }
    }

    private static void duckDb(StringBuilder text, String name, String files) {
        text.append(String.format("  %-22s SELECT count(*) FROM read_parquet(%s)%n", name, files));
    }

    private static long sum(Map<String, Long> counts) {
        return counts.values().stream().mapToLong(Long::longValue).sum();
    }

    private static void row(StringBuilder text, String name, long value) {
        text.append(String.format(Locale.ROOT, "  %-22s %,14d%n", name, value));
    }
}
