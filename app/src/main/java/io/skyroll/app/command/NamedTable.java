package io.skyroll.app.command;

import io.skyroll.app.config.PipelineConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.TableName;
import java.util.List;

/** Tables of a pipeline as people name them: with or without their schema. */
final class NamedTable {
    private NamedTable() {}

    /** @throws SkyrollException when the pipeline has no table of that name, or several */
    static TableConfig in(PipelineConfig config, String wanted) {
        List<TableConfig> found = config.tables().stream()
                .filter(table -> wanted.equals(table.table())
                        || wanted.equals(name(config, table).qualified()))
                .toList();
        if (found.size() != 1) {
            throw SkyrollException.configuration("which table is \"%s\"? The pipeline's tables are %s"
                    .formatted(
                            wanted,
                            config.tables().stream()
                                    .map(table -> name(config, table).qualified())
                                    .toList()));
        }
        return found.get(0);
    }

    static TableName name(PipelineConfig config, TableConfig table) {
        return new TableName(config.pipeline(), table.schema(), table.table());
    }
}
