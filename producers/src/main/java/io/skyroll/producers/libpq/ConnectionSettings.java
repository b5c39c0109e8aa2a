package io.skyroll.producers.libpq;

import io.skyroll.producers.postgres.Connections;
import io.skyroll.producers.postgres.Endpoint;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;

/**
 * The settings of connections to one database, resolved as libpq 15 to 17 resolves them, and checked. Opens connections with
 * pgjdbc, which is told every value, so that it looks up none by itself. Immutable and thread-safe.
 *
 * <p>Differences from libpq, all of which come from JDBC: where no host is given, libpq uses a Unix socket, this connects to
 * {@code localhost} over TCP (under which name a password file has such servers in any case); a host that is a directory, and
 * parameters for more safety than the driver has, are refused; a few that only tune the connection are ignored with a warning;
 * of a name with several addresses only the first is tried.
 *
 * @param servers what to try, in this order; as in libpq, a server that cannot be reached or is of the wrong kind makes way for
 *     the next, one that refuses the user does not
 * @param database its name
 * @param user the role
 * @param ssl encryption
 * @param target which kind of server will do
 * @param driver pgjdbc's further properties, without secrets
 * @param session run-time parameters that are set on every new connection
 */
public record ConnectionSettings(
        List<Server> servers,
        String database,
        String user,
        SslSettings ssl,
        TargetSession target,
        Map<String, String> driver,
        Map<String, String> session)
        implements Connections {

    /** The parameter that holds a connection string: keywords and values, or a postgresql:// URI. */
    public static final String URL = "url";

    public ConnectionSettings {
        servers = List.copyOf(servers);
        driver = Map.copyOf(driver);
        session = Map.copyOf(session);
    }

    /**
     * Finds the settings. For each parameter, what is given goes before the service file, that before the environment, and that
     * before the default. Reads the service file, the password file and the state of certificate files; connects to nothing.
     *
     * @param given parameters by libpq's keywords, {@value #URL} among them; one that is empty counts as absent; a keyword goes
     *     before the same parameter inside of the connection string
     * @throws SkyrollException of kind CONFIGURATION, in libpq's words where it has any
     */
    public static ConnectionSettings resolve(Map<String, String> given, Surroundings surroundings) {
        return new Resolution(Parameters.collect(given, surroundings), surroundings).settings();
    }

    @Override
    public Connection open() throws SQLException {
        return new ServerSearch(this, Map.of()).open();
    }

    /** Authenticates like {@link #open}: in a password file, libpq looks up the database for this protocol too. */
    @Override
    public Connection openReplication() throws SQLException {
        return new ServerSearch(
                        this,
                        Map.of(
                                "replication", "database",
                                "preferQueryMode", "simple",
                                "assumeMinServerVersion", "10"))
                .open();
    }

    @Override
    public Endpoint endpoint() throws SQLException {
        return new ServerSearch(this, Map.of()).endpoint();
    }
}
