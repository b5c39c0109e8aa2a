package io.skyroll.app.run;

import io.skyroll.schemas.topic.TableName;
import io.skyroll.sinks.publish.VersionSummary;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * What a run has published.
 *
 * @param catalogs one per table
 * @param stages what each stage did in this run
 * @param elapsed from the start of the stages to the last published catalog
 */
public record RunReport(List<Catalog> catalogs, List<StageProgress> stages, Duration elapsed) {
    public RunReport {
        catalogs = List.copyOf(catalogs);
        stages = List.copyOf(stages);
    }

    /**
     * A published catalog.
     *
     * @param type what it is, in the words of {@code catalog.type}
     * @param collection address of the collection
     * @param name its name
     * @param directory the version's directory in it
     * @param pinned the version that readers are pinned to; empty when they see the newest
     * @param conversions values of the source that policies for types have changed in this run, by the policy's key; only what did happen
     */
    public record Catalog(
            TableName table,
            String type,
            String collection,
            String name,
            String directory,
            VersionSummary summary,
            OptionalLong pinned,
            Map<String, Long> conversions) {
        public Catalog {
            conversions = Collections.unmodifiableMap(new TreeMap<>(conversions));
        }
    }
}
