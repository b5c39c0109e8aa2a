package io.skyroll.app.plan;

import io.skyroll.app.config.OutputConfig;
import io.skyroll.app.plan.PipelinePlan.Files;
import io.skyroll.sinks.dataset.FolderRule;
import java.util.List;

/** Estimates the files of a dataset. */
final class FilesForecast {
    /** By which files are smaller than rows in the database: a guess, that tells ten files from a thousand. */
    private static final int COMPRESSION = 2;

    private FilesForecast() {}

    /** @param bytes what the rows take in the database */
    static Files of(OutputConfig output, long rows, long bytes, int partitions) {
        if (!(output instanceof OutputConfig.Parquet parquet)) {
            return new Files(1, List.of());
        }
        long byBytes = bytes / COMPRESSION / parquet.fileBytes();
        long byRows = rows / parquet.fileRows();
        long count = Math.max(Math.max(byBytes, byRows), Math.min(rows, partitions));
        return new Files(
                count, parquet.folders().stream().map(FolderRule::toString).toList());
    }
}
