package io.skyroll.sinks.storage;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.apache.hadoop.hdfs.DistributedFileSystem;

/** Opens the store that a location names. */
public final class Stores {

    private static final Pattern URI_FORM = Pattern.compile("(?<scheme>[A-Za-z][A-Za-z0-9+.-]*):/.*");

    private Stores() {}

    /** As {@link #open(String, Map)}, with nothing but what Hadoop's own files on the class path set. */
    public static Store open(String location) throws IOException {
        return open(location, Map.of());
    }

    /**
     * Opens a store whose root is the location. The root need not exist, but the cluster or the bucket must.
     *
     * @param location a path of this machine, or a URI of scheme {@code file}, {@code hdfs} or {@code s3a}
     * @param hadoopProperties settings of Hadoop's clients, such as {@code fs.s3a.endpoint}; unused for local paths
     * @throws IllegalArgumentException if the location is of another kind
     */
    public static Store open(String location, Map<String, String> hadoopProperties) throws IOException {
        Matcher uri = URI_FORM.matcher(location);
        String scheme = uri.matches() ? uri.group("scheme").toLowerCase(Locale.ROOT) : "";
        return switch (scheme) {
            case "" -> new LocalStore(Path.of(location));
            case "file" -> new LocalStore(localPath(location));
            case "hdfs" -> {
                org.apache.hadoop.fs.Path root = root(location);
                yield new HdfsStore(root, hdfs(root, hadoopProperties));
            }
            case "s3a" -> {
                org.apache.hadoop.fs.Path root = root(location);
                yield new S3aStore(root, s3a(root, hadoopProperties));
            }
            default -> throw unsupported(location);
        };
    }

    /** A client for stores on the cluster of a root. */
    static DistributedFileSystem hdfs(org.apache.hadoop.fs.Path root, Map<String, String> hadoopProperties)
            throws IOException {
        return client(root, configuration(hadoopProperties), DistributedFileSystem.class);
    }

    /** A client for stores in the bucket of a root. */
    static S3AFileSystem s3a(org.apache.hadoop.fs.Path root, Map<String, String> hadoopProperties) throws IOException {
        Configuration configuration = configuration(hadoopProperties);
        // Directory markers are of no use to us: three requests less for each object.
        configuration.setIfUnset("fs.s3a.performance.flags", "create, delete, mkdir");
        return client(root, configuration, S3AFileSystem.class);
    }

    private static Path localPath(String location) {
        // Taken literally after the scheme, as Hadoop and Arrow do: a path with a blank or a percent sign is common.
        String path = location.substring("file:".length());
        if (path.startsWith("///")) {
            return Path.of(path.substring(2));
        }
        if (path.startsWith("//")) {
            throw new IllegalArgumentException(
                    "a file location has no host, write file:///path: '%s'".formatted(location));
        }
        return Path.of(path);
    }

    private static org.apache.hadoop.fs.Path root(String location) {
        org.apache.hadoop.fs.Path root = new org.apache.hadoop.fs.Path(location);
        URI uri = root.toUri();
        if (uri.getAuthority() == null) {
            throw unsupported(location);
        }
        return uri.getPath().isEmpty() ? new org.apache.hadoop.fs.Path(location + "/") : root;
    }

    private static Configuration configuration(Map<String, String> properties) {
        Configuration configuration = new Configuration();
        properties.forEach(configuration::set);
        return configuration;
    }

    /** A client of its own, not the one that Hadoop shares in the process, so that it can be closed. */
    private static <T extends FileSystem> T client(
            org.apache.hadoop.fs.Path root, Configuration configuration, Class<T> type) throws IOException {
        FileSystem files = FileSystem.newInstance(root.toUri(), configuration);
        if (type.isInstance(files)) {
            return type.cast(files);
        }
        files.close();
        throw new IOException("%s is served by %s, which is not supported, instead of %s"
                .formatted(root, files.getClass().getName(), type.getName()));
    }

    private static IllegalArgumentException unsupported(String location) {
        return new IllegalArgumentException(
                "location must be a path, file:///path, hdfs://cluster/path or s3a://bucket/prefix: '%s'"
                        .formatted(location));
    }
}
