package io.skyroll.app.scenario;

import io.skyroll.sinks.publish.Chain;
import io.skyroll.sinks.publish.Version;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.Stores;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.duckdb.DuckDBDriver;

/** A collection as its readers find it: through its properties file and DuckDB. */
record PublishedCatalog(Path collection) {

    /** The newest committed version; none when the collection is not there yet. */
    Optional<Version> newestVersion() throws IOException {
        try (Store store = Stores.open(collection.toString())) {
            return new Chain(store).newestVersion();
        }
    }

    /** The name of the version that readers are pointed to; empty before the first. */
    String pointed() throws IOException {
        Path file = collection.resolve("collection.properties");
        if (Files.notExists(file)) {
            return "";
        }
        return properties(file).getProperty("hats_primary_table_url", "");
    }

    /** The properties of the version that readers are pointed to. */
    Properties properties() throws IOException {
        return properties(collection.resolve(pointed()).resolve("hats.properties"));
    }

    /** The SHA-256 of each leaf that readers see, by its path in the version's directory. */
    SortedMap<String, String> leaves() throws IOException {
        Path version = collection.resolve(pointed());
        List<Path> files;
        try (Stream<Path> found = Files.walk(version.resolve("dataset"))) {
            files = found.filter(file -> file.getFileName().toString().startsWith("Npix="))
                    .filter(Files::isRegularFile)
                    .toList();
        }
        SortedMap<String, String> leaves = new TreeMap<>();
        for (Path file : files) {
            leaves.put(version.relativize(file).toString(), sha256(Files.readAllBytes(file)));
        }
        return leaves;
    }

    /** What is told of the leaves as a whole: which pixels have one, and how many rows are in each cell. */
    String partitions() throws IOException {
        Path version = collection.resolve(pointed());
        return Files.readString(version.resolve("partition_info.csv"))
                + sha256(Files.readAllBytes(version.resolve("point_map.fits")));
    }

    /** What a query finds in the rows, which it calls {@code catalog}; each row as text, sorted. */
    List<String> query(String sql) throws SQLException, IOException {
        return duckDb(sql.replace("catalog", rows()));
    }

    /** What the columns are called that came from the source, in their order. */
    List<String> columns() throws SQLException, IOException {
        try (Connection duckDb = new DuckDBDriver().connect("jdbc:duckdb:", new Properties());
                Statement statement = duckDb.createStatement();
                ResultSet described = statement.executeQuery("DESCRIBE SELECT * FROM " + rows())) {
            List<String> columns = new ArrayList<>();
            while (described.next()) {
                columns.add(described.getString(1));
            }
            columns.remove("_healpix_29");
            return columns;
        }
    }

    /** The rows that readers see, as DuckDB's SQL names them. */
    String rows() throws IOException {
        return "read_parquet('%s/dataset/**/*.parquet', hive_partitioning = false)"
                .formatted(collection.resolve(pointed()));
    }

    /** Asks DuckDB, which shares no code with us. */
    static List<String> duckDb(String sql) throws SQLException {
        try (Connection duckDb = new DuckDBDriver().connect("jdbc:duckdb:", new Properties())) {
            return rows(duckDb, sql);
        }
    }

    /** The rows of a query's result, each as text, sorted. */
    static List<String> rows(Connection connection, String sql) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= result.getMetaData().getColumnCount(); column++) {
                    row.add(String.valueOf(result.getObject(column)));
                }
                rows.add(String.join("|", row));
            }
        }
        return rows.stream().sorted().toList();
    }

    private static Properties properties(Path file) throws IOException {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(file)) {
            properties.load(reader);
        }
        return properties;
    }

    private static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
