package io.skyroll.sinks.publish;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.skyroll.sinks.dataset.FolderPart;
import io.skyroll.sinks.dataset.FolderRule;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** How the rows of a dataset are divided into folders. */
public sealed interface DatasetLayout extends Layout {

    /** What folders are named by, from the outermost to the innermost; none for a dataset without folders. */
    List<FolderRule> folders();

    /** Whether a version is one file of all rows. */
    boolean singleFile();

    /** Whether rows are on the sky; else partitions are buckets of a hash of the key, which the order of rows is by too. */
    boolean hasSky();

    /** Names of the columns that are not in files, since their folder's name says all about them. */
    default Set<String> leftOut() {
        return folders().stream()
                .filter(rule -> rule.part() == FolderPart.VALUE)
                .map(FolderRule::column)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    default String kind() {
        return singleFile() ? "file" : "parquet";
    }

    @Override
    default int marginOrder() {
        return 0;
    }

    private static List<FolderRule> requireNoneIfSingle(List<FolderRule> folders, boolean singleFile) {
        if (singleFile && !folders.isEmpty()) {
            throw new IllegalArgumentException("a single file has no folders: %s".formatted(folders));
        }
        return List.copyOf(folders);
    }

    /**
     * Rows on the sky.
     *
     * @param partitions partitions of the sky topic
     */
    record OnSky(
            @JsonProperty("partitions") int partitions,
            @JsonProperty("folders") List<FolderRule> folders,
            @JsonProperty("single_file") boolean singleFile)
            implements DatasetLayout {
        public OnSky {
            folders = requireNoneIfSingle(folders, singleFile);
        }

        @Override
        public boolean hasSky() {
            return true;
        }
    }

    /**
     * Rows of a table without coordinates. By the name of its first key, a stored layout is told from the other.
     *
     * @param partitions partitions of the sky topic: buckets of the hash
     */
    record ByKey(
            @JsonProperty("hash_buckets") int partitions,
            @JsonProperty("folders") List<FolderRule> folders,
            @JsonProperty("single_file") boolean singleFile)
            implements DatasetLayout {
        public ByKey {
            folders = requireNoneIfSingle(folders, singleFile);
        }

        @Override
        public boolean hasSky() {
            return false;
        }
    }
}
