package io.skyroll.sinks.published;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.storage.Store;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What a properties file says.
 *
 * @param path of the file in the store
 * @param values by key
 */
public record PropertiesFile(String path, SortedMap<String, String> values) {
    public PropertiesFile {
        values = Collections.unmodifiableSortedMap(new TreeMap<>(values));
    }

    /**
     * Reads a file; empty if it is absent.
     *
     * @throws SkyrollException when it is no properties file
     */
    public static Optional<PropertiesFile> read(Store store, String path) throws IOException {
        Optional<byte[]> text = store.read(path);
        return text.isEmpty() ? Optional.empty() : Optional.of(parse(path, text.get()));
    }

    private static PropertiesFile parse(String path, byte[] text) {
        Properties properties = new Properties();
        try {
            properties.load(new InputStreamReader(new ByteArrayInputStream(text), StandardCharsets.UTF_8));
        } catch (IOException | IllegalArgumentException damaged) {
            throw SkyrollException.defect("%s is not a properties file".formatted(path), damaged);
        }
        SortedMap<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return new PropertiesFile(path, values);
    }

    /** The value, or the empty text. */
    public String text(String key) {
        return values.getOrDefault(key, "").strip();
    }

    /** The elements of a list; none if the key is absent. */
    public List<String> list(String key) {
        return Stream.of(text(key).split("[ ,;\n]+"))
                .filter(element -> !element.isEmpty())
                .toList();
    }

    /** The whole number; empty if the key is absent or says something else. */
    public Optional<Long> number(String key) {
        String text = text(key);
        return text.matches("-?\\d{1,18}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
    }
}
