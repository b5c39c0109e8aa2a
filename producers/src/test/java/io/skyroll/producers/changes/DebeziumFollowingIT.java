package io.skyroll.producers.changes;

import io.skyroll.producers.debezium.DebeziumReader;
import io.skyroll.producers.snapshot.LiveStack.Database;

final class DebeziumFollowingIT extends FollowingContract {
    @Override
    EngineOpener engines(Database database, String slot) {
        return DebeziumReader.opener(database, slot, "published");
    }
}
