package io.skyroll.sinks.verify;

import io.skyroll.sinks.storage.LocalStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.hadoop.ParquetReader;
import org.apache.parquet.hadoop.ParquetWriter;
import org.apache.parquet.hadoop.example.ExampleParquetWriter;
import org.apache.parquet.hadoop.example.GroupReadSupport;
import org.apache.parquet.io.InputFile;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.LocalOutputFile;
import org.apache.parquet.schema.MessageType;

/**
 * A copy of a collection, to plant defects in.
 *
 * @param root its directory
 * @param version the directory of the version that readers see
 */
record CatalogCopy(Path root, String version) {

    static CatalogCopy of(Path good, String version, Path root) throws IOException {
        try (Stream<Path> files = Files.walk(good)) {
            for (Path file : files.toList()) {
                Path target = root.resolve(good.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target);
                }
            }
        }
        return new CatalogCopy(root, version);
    }

    Report verify() throws IOException {
        return verify(Duration.ZERO);
    }

    Report verify(Duration patience) throws IOException {
        try (LocalStore store = new LocalStore(root)) {
            return Verification.of(store, patience);
        }
    }

    /** A file of the version. */
    String in(String file) {
        return version + "/" + file;
    }

    String margin(String file) {
        return version + "_margin/" + file;
    }

    /** The leaf with the most bytes of a catalog. */
    String leaf(String catalog) throws IOException {
        return files(catalog + "/dataset", ".parquet").get(0);
    }

    /** Files below a directory, the largest first. */
    List<String> files(String directory, String suffix) throws IOException {
        try (Stream<Path> files = Files.walk(root.resolve(directory))) {
            return files.filter(Files::isRegularFile)
                    .filter(file -> file.toString().endsWith(suffix))
                    .sorted((one, other) ->
                            Long.compare(other.toFile().length(), one.toFile().length()))
                    .map(file -> root.relativize(file).toString())
                    .toList();
        }
    }

    /** Changes a text. */
    String edit(String file, UnaryOperator<String> change) throws IOException {
        String before = Files.readString(root.resolve(file));
        String after = change.apply(before);
        if (after.equals(before)) {
            throw new IllegalStateException("nothing was changed in %s:\n%s".formatted(file, before));
        }
        Files.writeString(root.resolve(file), after);
        return file;
    }

    /** Changes a key of both properties files of a catalog. */
    String setProperty(String catalog, String key, String value) throws IOException {
        UnaryOperator<String> change =
                text -> text.replaceAll("(?m)^%s=.*\n".formatted(key), value.isEmpty() ? "" : key + "=" + value + "\n");
        edit(catalog + "/properties", change);
        return edit(catalog + "/hats.properties", change);
    }

    String delete(String file) throws IOException {
        Files.delete(root.resolve(file));
        return file;
    }

    String truncate(String file) throws IOException {
        byte[] bytes = Files.readAllBytes(root.resolve(file));
        Files.write(root.resolve(file), java.util.Arrays.copyOf(bytes, bytes.length - 10));
        return file;
    }

    String write(String file, String content) throws IOException {
        Files.createDirectories(root.resolve(file).getParent());
        Files.write(root.resolve(file), content.getBytes(StandardCharsets.UTF_8));
        return file;
    }

    String copy(String from, String to) throws IOException {
        Files.createDirectories(root.resolve(to).getParent());
        Files.write(root.resolve(to), Files.readAllBytes(root.resolve(from)));
        return to;
    }

    /** Adds one to the first number above 0 in an implicit map. */
    String addToMap(String file) throws IOException {
        byte[] bytes = Files.readAllBytes(root.resolve(file));
        ByteBuffer cells = ByteBuffer.wrap(bytes);
        int place = 2 * 2880;
        while (cells.getLong(place) == 0) {
            place += Long.BYTES;
        }
        cells.putLong(place, cells.getLong(place) + 1);
        Files.write(root.resolve(file), bytes);
        return file;
    }

    /** Sets the last number above 0 in an implicit map to 0. */
    String emptyCell(String file) throws IOException {
        byte[] bytes = Files.readAllBytes(root.resolve(file));
        ByteBuffer cells = ByteBuffer.wrap(bytes);
        int place = bytes.length - Long.BYTES;
        while (cells.getLong(place) == 0) {
            place -= Long.BYTES;
        }
        cells.putLong(place, 0);
        Files.write(root.resolve(file), bytes);
        return file;
    }

    /** Changes the rows of a Parquet file; parquet-java writes it anew. */
    String rows(String file, Consumer<List<Group>> change) throws IOException {
        return rewrite(file, schema(file), change);
    }

    MessageType schema(String file) throws IOException {
        try (var reader = org.apache.parquet.hadoop.ParquetFileReader.open(
                new LocalInputFile(root.resolve(file)),
                org.apache.parquet.ParquetReadOptions.builder().build())) {
            return reader.getFooter().getFileMetaData().getSchema();
        }
    }

    String rewrite(String file, MessageType schema, Consumer<List<Group>> change) throws IOException {
        Path path = root.resolve(file);
        List<Group> rows = new ArrayList<>();
        try (ParquetReader<Group> reader = new Reader(new LocalInputFile(path)).build()) {
            for (Group row = reader.read(); row != null; row = reader.read()) {
                rows.add(row);
            }
        }
        change.accept(rows);
        Files.delete(path);
        try (ParquetWriter<Group> writer = ExampleParquetWriter.builder(new LocalOutputFile(path))
                .withType(schema)
                .build()) {
            for (Group row : rows) {
                writer.write(row);
            }
        }
        return file;
    }

    private static final class Reader extends ParquetReader.Builder<Group> {
        Reader(InputFile file) {
            super(file);
        }

        @Override
        protected org.apache.parquet.hadoop.api.ReadSupport<Group> getReadSupport() {
            return new GroupReadSupport();
        }
    }
}
