package io.skyroll.app.config;

import io.skyroll.schemas.failure.SkyrollException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Collects everything that is wrong with a file, so that it can be mended in one go. */
final class Problems {
    /** A default that several tables share is wrong once. */
    private final Set<String> found = new LinkedHashSet<>();

    void add(String path, String problem) {
        found.add("%s: %s".formatted(path, problem));
    }

    boolean isEmpty() {
        return found.isEmpty();
    }

    List<String> found() {
        return List.copyOf(found);
    }

    /** One failure that names all problems. */
    SkyrollException toFailure(String file) {
        return SkyrollException.configuration("%s has %d problem%s:\n  - %s"
                .formatted(file, found.size(), found.size() == 1 ? "" : "s", String.join("\n  - ", found)));
    }
}
