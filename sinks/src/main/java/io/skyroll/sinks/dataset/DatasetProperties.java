package io.skyroll.sinks.dataset;

import io.skyroll.schemas.failure.SkyrollException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;

/**
 * What a properties file of a dataset says: lines {@code key=value} in UTF-8, after a comment line. The values are numbers, names and
 * times, so nothing is escaped.
 *
 * @param values by key
 */
public record DatasetProperties(Map<String, String> values) {
    /** In a version's directory. A directory that has it is complete. */
    public static final String OF_VERSION = "_version.properties";

    /** In the collection: names the version that readers see. */
    public static final String POINTER = "current.properties";

    /** In a version's directory: a Parquet file without rows that has the schema of the others. */
    public static final String COMMON_METADATA = "_common_metadata";

    /** In the collection of a dataset with folders: another name of the directory of the version that readers see. */
    public static final String CURRENT = "current";

    /** In the pointer: the name of the version's directory. */
    public static final String VERSION = "version";

    public DatasetProperties {
        values = Collections.unmodifiableMap(new TreeMap<>(values));
    }

    /**
     * Reads a properties file.
     *
     * @param file what to call it in messages
     * @throws SkyrollException when it is none
     */
    public static DatasetProperties parse(String file, byte[] text) {
        Properties properties = new Properties();
        try {
            properties.load(new InputStreamReader(new ByteArrayInputStream(text), StandardCharsets.UTF_8));
        } catch (IOException | IllegalArgumentException damaged) {
            throw SkyrollException.defect("%s is not a properties file".formatted(file), damaged);
        }
        Map<String, String> values = new TreeMap<>();
        properties.stringPropertyNames().forEach(key -> values.put(key, properties.getProperty(key)));
        return new DatasetProperties(values);
    }

    /** The name of the single file of a dataset. */
    public static String singleFile(String dataset) {
        return dataset + ".parquet";
    }

    /** The value, or the empty text. */
    public String text(String key) {
        return values.getOrDefault(key, "");
    }

    /** The bytes of the file; the same for equal properties. */
    public byte[] toBytes() {
        StringBuilder text = new StringBuilder("#Skyroll dataset\n");
        values.forEach(
                (key, value) -> text.append(key).append('=').append(value).append('\n'));
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }
}
