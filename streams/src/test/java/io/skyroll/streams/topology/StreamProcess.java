package io.skyroll.streams.topology;

import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.registry.RegistryClient;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Runs a stream in a process of its own, which a test can kill. */
final class StreamProcess {
    /** Leaves time to be killed in the middle of a transaction. */
    private static final Duration COMMIT_INTERVAL = Duration.ofSeconds(3);

    private StreamProcess() {}

    static Process start(String bootstrapServers, URI registry, Path stateDir) throws IOException {
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                StreamProcess.class.getName(),
                bootstrapServers,
                registry.toString(),
                stateDir.toString());
        return new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(stateDir.resolveSibling("process.log").toFile())
                .start();
    }

    /** Arguments: bootstrap servers, the registry's address, the state directory. Ends when its standard input does. */
    public static void main(String[] arguments) throws IOException {
        SkyStreamSettings settings = SkyStreamIT.settings(arguments[0], Path.of(arguments[2]), COMMIT_INTERVAL);
        try (SkyStream stream =
                new SkyStream(settings, new RegistryClient(URI.create(arguments[1])), new StageMeter())) {
            stream.start();
            // Ends with the parent, should that die first.
            int end = System.in.read();
            if (end >= 0) {
                throw new IllegalStateException("unexpected input");
            }
        }
    }
}
