package io.skyroll.app.command;

import io.skyroll.sinks.consume.TableSink;
import io.skyroll.sinks.publish.Version;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Tells which versions readers of catalogs have come to see. Owned by one thread. */
final class VersionNews {
    private final Map<String, TableSink> sinks;
    private final Map<String, Version> told = new HashMap<>();

    /** @param sinks by the path of their catalog */
    VersionNews(Map<String, TableSink> sinks) {
        this.sinks = sinks;
    }

    /** What is new since the last call. */
    List<String> next() {
        List<String> lines = new ArrayList<>();
        sinks.forEach((path, sink) -> {
            Optional<Version> version = sink.pointedTo();
            if (version.isPresent() && !version.get().equals(told.put(path, version.get()))) {
                lines.add("%s: readers see version %d, the source at %s"
                        .formatted(path, version.get().number(), version.get().cut()));
            }
        });
        return lines;
    }
}
