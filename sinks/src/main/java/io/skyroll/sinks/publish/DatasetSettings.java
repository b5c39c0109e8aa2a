package io.skyroll.sinks.publish;

import io.skyroll.sinks.dataset.FileRule;

/**
 * How a dataset is called and written.
 *
 * @param name of the dataset; letters, digits, underscores and hyphens
 * @param builder the program that writes it, as {@code skyroll v1.2.3}
 * @param retainedVersions how many of the newest versions to keep, from 1
 * @param files when files and row groups are closed
 * @param memoryBytes about how much the row groups may take that one thread gathers at once
 */
public record DatasetSettings(String name, String builder, int retainedVersions, FileRule files, long memoryBytes) {
    public DatasetSettings {
        if (!name.matches("[A-Za-z0-9_-]+")) {
            throw new IllegalArgumentException(
                    "a dataset's name may have letters, digits, underscores and hyphens: '%s'".formatted(name));
        }
    }
}
