package io.skyroll.producers.changes;

import io.skyroll.producers.pgoutput.PgOutputEngine;
import io.skyroll.producers.snapshot.LiveStack.Database;

final class PgOutputTypesIT extends ChangedTypesContract {
    @Override
    EngineOpener engines(Database database, String slot) {
        return tables -> PgOutputEngine.open(database, slot, "changed_types", tables);
    }

    @Override
    void prepare(Database database) {
        // It carries every type.
    }
}
