package io.skyroll.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The first process of a PostgreSQL server, found by its data directory.
 *
 * <p>It outlives a JVM that was killed. Whoever holds the directory's lock may stop it: nobody else is left who wants it.
 */
final class Postmaster {

    private static final Logger log = LoggerFactory.getLogger(Postmaster.class);

    /** For a fast shutdown: clients are cut off, and a checkpoint is written, which may be large. */
    private static final Duration FAST_LIMIT = Duration.ofSeconds(30);

    /** For an immediate shutdown, which writes nothing; the next start recovers from the write-ahead log. */
    private static final Duration IMMEDIATE_LIMIT = Duration.ofSeconds(10);

    private Postmaster() {}

    /**
     * Stops the server that runs on a data directory, if there is one, and returns when it is gone.
     *
     * @throws IllegalStateException when it does not stop
     */
    static void stop(Path data) {
        Path pidFile = data.resolve("postmaster.pid");
        Optional<ProcessHandle> named = process(pidFile);
        if (named.isEmpty()) {
            return;
        }
        ProcessHandle process = named.get();
        if (!serves(process, data)) {
            // Another program has got the number since. PostgreSQL would only see that the number is in use, and refuse
            // to start.
            delete(pidFile);
            return;
        }
        log.atInfo()
                .addKeyValue("pid", process.pid())
                .addKeyValue("directory", data)
                .log("stopping postgres");
        if (!ends(process, "INT", FAST_LIMIT) && !ends(process, "QUIT", IMMEDIATE_LIMIT)) {
            throw new IllegalStateException("PostgreSQL's process %d on %s does not stop: end it, then try again"
                    .formatted(process.pid(), data));
        }
    }

    /** The live process that a server's pid file names in its first line. */
    private static Optional<ProcessHandle> process(Path pidFile) {
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        try {
            List<String> lines = Files.readAllLines(pidFile);
            // A file without a whole first line was cut off by a crash of the machine.
            return lines.isEmpty() || !lines.get(0).strip().matches("\\d+")
                    ? Optional.empty()
                    : ProcessHandle.of(Long.parseLong(lines.get(0).strip())).filter(ProcessHandle::isAlive);
        } catch (IOException e) {
            throw new UncheckedIOException("could not read " + pidFile, e);
        }
    }

    /** Whether a process is the PostgreSQL server of a directory, which its arguments name. */
    private static boolean serves(ProcessHandle process, Path data) {
        ProcessHandle.Info info = process.info();
        return info.command().filter(command -> command.endsWith("postgres")).isPresent()
                && info.arguments()
                        .filter(arguments -> Arrays.asList(arguments).contains(data.toString()))
                        .isPresent();
    }

    /** Sends a signal, which Java cannot do for these two, and waits for the process to end. */
    private static boolean ends(ProcessHandle process, String signal, Duration limit) {
        try {
            new ProcessBuilder("kill", "-" + signal, Long.toString(process.pid()))
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start()
                    .waitFor();
            process.onExit().get(limit.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException e) {
            return false;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(
                    "interrupted while PostgreSQL's process %d stops".formatted(process.pid()), e);
        } catch (IOException | ExecutionException e) {
            throw new IllegalStateException("could not stop PostgreSQL's process %d".formatted(process.pid()), e);
        }
    }

    private static void delete(Path pidFile) {
        try {
            Files.deleteIfExists(pidFile);
        } catch (IOException e) {
            throw new UncheckedIOException("could not delete stale file " + pidFile, e);
        }
    }
}
