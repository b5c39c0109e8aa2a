package io.skyroll.app;

import io.skyroll.local.EmbeddedDatabase;
import io.skyroll.local.EmbeddedDatabase.Durability;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** Servers of PostgreSQL for tests. Making a data directory takes a second, copying one a tenth of it: each process makes one. */
public final class TestDatabase {
    private static final Path TEMPLATE = template();

    private TestDatabase() {}

    /** Starts a server on a directory that is not there yet; the caller closes it. */
    public static EmbeddedDatabase start(Path directory) {
        try (Stream<Path> files = Files.walk(TEMPLATE)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(
                        file,
                        directory.resolve(TEMPLATE.relativize(file).toString()),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return EmbeddedDatabase.start(directory, 0, Durability.PROCESS);
    }

    private static Path template() {
        try {
            Path made = Files.createTempDirectory("skyroll-test-database");
            Runtime.getRuntime().addShutdownHook(new Thread(() -> delete(made)));
            try (EmbeddedDatabase database = EmbeddedDatabase.start(made, 0, Durability.PROCESS)) {
                dropTemplates(database);
            }
            return made;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (SQLException failure) {
            throw new IllegalStateException(failure);
        }
    }

    /** Two thirds of the files are of databases that others would be made from; tests use the one that is there. */
    private static void dropTemplates(EmbeddedDatabase database) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            for (String template : List.of("template0", "template1")) {
                statement.execute("ALTER DATABASE %s IS_TEMPLATE false".formatted(template));
                statement.execute("DROP DATABASE " + template);
            }
        }
    }

    private static void delete(Path directory) {
        try (Stream<Path> files = Files.walk(directory)) {
            List<Path> deepestFirst = files.sorted(Comparator.reverseOrder()).toList();
            for (Path file : deepestFirst) {
                Files.delete(file);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
