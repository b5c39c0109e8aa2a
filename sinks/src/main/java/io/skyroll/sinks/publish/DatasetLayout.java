package io.skyroll.sinks.publish;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.skyroll.sinks.dataset.FolderPart;
import io.skyroll.sinks.dataset.FolderRule;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * How the rows of a dataset are divided into folders.
 *
 * @param partitions partitions of the sky topic
 * @param folders what folders are named by, from the outermost to the innermost; none for a dataset without folders
 * @param singleFile whether a version is one file of all rows
 */
public record DatasetLayout(
        @JsonProperty("partitions") int partitions,
        @JsonProperty("folders") List<FolderRule> folders,
        @JsonProperty("single_file") boolean singleFile)
        implements Layout {
    public DatasetLayout {
        folders = List.copyOf(folders);
        if (singleFile && !folders.isEmpty()) {
            throw new IllegalArgumentException("a single file has no folders: %s".formatted(folders));
        }
    }

    /** Names of the columns that are not in files, since their folder's name says all about them. */
    public Set<String> leftOut() {
        return folders.stream()
                .filter(rule -> rule.part() == FolderPart.VALUE)
                .map(FolderRule::column)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public String kind() {
        return singleFile ? "file" : "parquet";
    }

    @Override
    public int marginOrder() {
        return 0;
    }
}
