package io.skyroll.producers.libpq;

import io.skyroll.schemas.failure.SkyrollException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/** Makes servers of lists of names, addresses and ports, and finds their passwords. Used once, by one thread. */
final class ServerList {
    private static final String DEFAULT_PORT = "5432";
    private static final int MAX_PORT = 65535;

    private final Parameters parameters;
    private final Surroundings surroundings;

    ServerList(Parameters parameters, Surroundings surroundings) {
        this.parameters = parameters;
        this.surroundings = surroundings;
    }

    List<Server> servers(String database, String user, SslSettings ssl) {
        Optional<List<String>> addresses = parameters.text(Keyword.HOSTADDR).map(ServerList::elements);
        Optional<List<String>> names = parameters.text(Keyword.HOST).map(ServerList::elements);
        int count = addresses.or(() -> names).map(List::size).orElse(1);
        if (names.isPresent() && names.get().size() != count) {
            throw SkyrollException.configuration("could not match %d host names to %d hostaddr values"
                    .formatted(names.get().size(), count));
        }
        List<String> ports = ports(count);
        Optional<Password> known = parameters.text(Keyword.PASSWORD).map(Password::of);
        // Not read where a password is known: nobody wants to hear of a file that is not needed.
        Optional<PasswordFile> file = known.isPresent() ? Optional.empty() : Optional.of(PasswordFile.open(path()));
        List<Server> servers = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            String name = names.orElse(Collections.nCopies(count, "")).get(i);
            String address = addresses.orElse(Collections.nCopies(count, "")).get(i);
            checkReachable(name, address, ssl);
            String port = ports.get(i);
            String key = name.isEmpty() ? address : name;
            Password password = file.map(lines -> lines.password(key, port, database, user))
                    .or(() -> known)
                    .orElse(Password.NONE);
            String host = key.isEmpty() ? "localhost" : key;
            servers.add(new Server(host, address.isEmpty() ? host : address, portNumber(port), password));
        }
        return servers;
    }

    private Path path() {
        return parameters.text(Keyword.PASSFILE).map(Path::of).orElseGet(surroundings::defaultPasswordFile);
    }

    private List<String> ports(int count) {
        List<String> given = elements(parameters.find(Keyword.PORT).orElse(""));
        if (given.size() != 1 && given.size() != count) {
            throw SkyrollException.configuration(
                    "could not match %d port numbers to %d hosts".formatted(given.size(), count));
        }
        List<String> ports = given.size() == count ? given : Collections.nCopies(count, given.get(0));
        return ports.stream().map(port -> port.isEmpty() ? DEFAULT_PORT : port).toList();
    }

    private static int portNumber(String text) {
        int port = Keyword.PORT.integer(text);
        if (port < 1 || port > MAX_PORT) {
            throw SkyrollException.configuration("invalid port number: \"%s\"".formatted(text));
        }
        return port;
    }

    private static void checkReachable(String name, String address, SslSettings ssl) {
        if (address.isEmpty() && (name.startsWith("/") || name.startsWith("@"))) {
            throw SkyrollException.configuration(
                    ("host \"%s\" is a Unix socket, which JDBC cannot use: let the server listen on TCP"
                                    + " (listen_addresses = 'localhost') and set host to localhost")
                            .formatted(name));
        }
        if (!address.isEmpty() && !address.contains(":") && !address.matches("[0-9.]+")) {
            throw SkyrollException.configuration(
                    "could not parse network address \"%s\": give a name as host, not as hostaddr".formatted(address));
        }
        if (!address.isEmpty() && ssl.mode().equals("verify-full")) {
            throw SkyrollException.configuration(
                    ("sslmode verify-full does not go together with hostaddr \"%s\": the JDBC driver compares the"
                                    + " certificate with what it connects to; set host only")
                            .formatted(address));
        }
    }

    private static List<String> elements(String list) {
        return List.of(list.split(",", -1));
    }
}
