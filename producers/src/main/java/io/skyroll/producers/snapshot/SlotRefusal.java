package io.skyroll.producers.snapshot;

import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Says what to do when PostgreSQL refuses a replication slot. */
final class SlotRefusal {
    private static final String WHY =
            "A snapshot needs a temporary replication slot, since only a slot says exactly which transactions the snapshot sees";

    /** By SQLSTATE, see PostgreSQL's documentation, appendix "PostgreSQL Error Codes". */
    private static final Map<String, String> ADVICE = Map.of(
            "42501",
                    "let the role replicate: ALTER ROLE ... REPLICATION (on managed services: grant the provider's replication role)",
            "28000", "let the role replicate (ALTER ROLE ... REPLICATION), and pg_hba.conf allow the database for it",
            "53400",
                    "all replication slots are in use: drop one that nobody needs, or raise max_replication_slots and restart",
            "53300",
                    "all walsender processes or connections are in use: raise max_wal_senders or max_connections and restart");

    private SlotRefusal() {}

    /** Refuses a server that cannot create logical slots at all, before it is asked. */
    static void checkServer(String walLevel, boolean standby) {
        if (standby) {
            throw SkyrollException.configuration(
                    "the server is a standby, which cannot export snapshots: connect to its primary");
        }
        if (!walLevel.equals("logical")) {
            throw SkyrollException.configuration(
                    "%s, and that needs wal_level = logical; the server has wal_level = %s. Set it (ALTER SYSTEM SET wal_level = logical) and restart the server"
                            .formatted(WHY, walLevel));
        }
    }

    static SkyrollException explain(SQLException refused) {
        @Nullable String state = refused.getSQLState();
        String advice = state == null ? null : ADVICE.get(state);
        return advice == null
                ? SkyrollException.unavailable(
                        "cannot create a replication slot: %s".formatted(refused.getMessage()), refused)
                : SkyrollException.configuration(
                        "%s; PostgreSQL refused it: %s. What to do: %s".formatted(WHY, refused.getMessage(), advice),
                        refused);
    }
}
