package io.skyroll.app.command;

import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.Stores;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** A published catalog that a command looks at. */
final class CatalogOptions {
    @Parameters(
            paramLabel = "DIR",
            description = "A HATS collection or catalog: a directory, hdfs://cluster/path or s3a://bucket/prefix.")
    private String directory = "";

    @Option(
            names = "--hadoop",
            paramLabel = "KEY=VALUE",
            description = "A setting of the client of hdfs:// and s3a://, such as fs.s3a.endpoint; may be repeated.")
    private Map<String, String> hadoop = new TreeMap<>();

    @Spec(Spec.Target.MIXEE)
    private CommandSpec spec = CommandSpec.create();

    /** What the user wrote. */
    String directory() {
        return directory;
    }

    /** Settings that the user gave. */
    Map<String, String> hadoop() {
        return hadoop;
    }

    /** Opens what the user named, which is there. */
    Store open(Map<String, String> hadoopProperties) throws IOException {
        Store store;
        try {
            store = Stores.open(directory, hadoopProperties);
        } catch (IllegalArgumentException noLocation) {
            throw new ParameterException(spec.commandLine(), String.valueOf(noLocation.getMessage()), noLocation);
        }
        if (store.list("").isEmpty()) {
            store.close();
            throw new ParameterException(
                    spec.commandLine(), "%s: there is no such directory, or it is empty".formatted(directory));
        }
        return store;
    }
}
