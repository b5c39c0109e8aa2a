package io.skyroll.app.command;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.TableName;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Which tables are read anew, where changes are followed. */
final class ReadAnewOptions {
    @Option(
            names = "--resnapshot",
            description = "Where changes are followed: read all tables anew. Readers keep what they have until then.")
    private boolean all;

    @Option(
            names = "--resync",
            paramLabel = "TABLE",
            description =
                    "Where changes are followed: read this table anew, while the others go on. Readers keep what they have until then. May be repeated.")
    private List<String> tables = new ArrayList<>();

    boolean isGiven() {
        return all || !tables.isEmpty();
    }

    /**
     * The tables that are meant.
     *
     * @throws SkyrollException when the file has no such table
     */
    Set<TableName> of(PipelineConfig config) {
        return all
                ? config.tables().stream()
                        .map(table -> NamedTable.name(config, table))
                        .collect(Collectors.toUnmodifiableSet())
                : tables.stream()
                        .map(wanted -> NamedTable.name(config, NamedTable.in(config, wanted)))
                        .collect(Collectors.toUnmodifiableSet());
    }
}
