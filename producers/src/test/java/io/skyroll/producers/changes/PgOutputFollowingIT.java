package io.skyroll.producers.changes;

import io.skyroll.producers.pgoutput.PgOutputEngine;
import io.skyroll.producers.snapshot.LiveStack.Database;
import org.junit.jupiter.api.Order;

@Order(1)
final class PgOutputFollowingIT extends FollowingContract {
    @Override
    EngineOpener engines(Database database, String slot) {
        return tables -> PgOutputEngine.open(database, slot, "published", tables);
    }
}
