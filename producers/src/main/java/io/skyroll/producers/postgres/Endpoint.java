package io.skyroll.producers.postgres;

import java.util.Map;

/**
 * Where the source database is, for a client that makes its own connections with pgjdbc.
 *
 * @param host name or address
 * @param port its TCP port
 * @param database its name
 * @param properties of pgjdbc, user and password among them
 */
public record Endpoint(String host, int port, String database, Map<String, String> properties) {
    public Endpoint {
        properties = Map.copyOf(properties);
    }

    /** Without the properties, which have secrets. */
    @Override
    public String toString() {
        return "%s:%d/%s".formatted(host, port, database);
    }
}
