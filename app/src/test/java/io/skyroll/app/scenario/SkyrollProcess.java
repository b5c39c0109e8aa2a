package io.skyroll.app.scenario;

import io.skyroll.app.Main;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Skyroll in a process of its own, with its output in a file. */
final class SkyrollProcess implements AutoCloseable {
    private final Process process;
    private final Path output;

    private SkyrollProcess(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static SkyrollProcess start(Path output, String... args) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                // A short life: the second compiler and the verifying of libraries would take more time than they save.
                "-XX:TieredStopAtLevel=1",
                "-XX:+UnlockDiagnosticVMOptions",
                "-XX:-BytecodeVerificationRemote",
                "-XX:+UseSerialGC",
                "-XX:MetaspaceSize=256m",
                "-Xmx640m",
                // What is packaged, without the libraries of the tests.
                "-cp",
                "target/skyroll.jar:target/lib/*",
                Main.class.getName()));
        command.addAll(List.of(args));
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(output.toFile()))
                .start();
        return new SkyrollProcess(process, output);
    }

    /** Whether it ended by itself within a time. */
    boolean ends(Duration within) throws InterruptedException {
        return process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
    }

    int exitCode() {
        return process.exitValue();
    }

    boolean isAlive() {
        return process.isAlive();
    }

    /** What it has written so far. */
    String output() throws IOException {
        return Files.readString(output);
    }

    /** Ends it as {@code kill -9} does. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    /** Tells it to stop as Ctrl-C does. */
    void interrupt() throws IOException, InterruptedException {
        new ProcessBuilder("kill", "-INT", Long.toString(process.pid())).start().waitFor();
    }

    /** Tells it to stop as a service manager does. */
    void terminate() {
        process.destroy();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
