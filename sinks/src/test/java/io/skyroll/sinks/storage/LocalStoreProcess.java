package io.skyroll.sinks.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;

/** A child JVM with a {@link LocalStore}, told what to do by a line and answering by a line. */
final class LocalStoreProcess implements AutoCloseable {

    private final Process process;
    private final BufferedWriter commands;
    private final BufferedReader answers;

    private LocalStoreProcess(Process process) {
        this.process = process;
        this.commands = new BufferedWriter(new OutputStreamWriter(process.getOutputStream(), UTF_8));
        this.answers = new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8));
    }

    static LocalStoreProcess start(Path root, Naming naming) throws IOException {
        return new LocalStoreProcess(new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        LocalStoreProcess.class.getName(),
                        root.toString(),
                        naming.name())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start());
    }

    void tell(String command) throws IOException {
        commands.write(command + "\n");
        commands.flush();
    }

    String answer() throws IOException {
        return String.valueOf(answers.readLine());
    }

    /** Ends the process at once, without any of its shutdown code, and returns when it is gone. */
    void kill() throws InterruptedException {
        process.destroyForcibly().waitFor();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }

    /** Arguments: root and naming. Commands: "create path content" and "begin path". */
    public static void main(String[] arguments) throws IOException {
        BufferedReader commands = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        PrintStream answers = new PrintStream(System.out, true, UTF_8);
        try (Store store = new LocalStore(Path.of(arguments[0]), Naming.valueOf(arguments[1]))) {
            commands.lines().map(line -> line.split(" ", -1)).forEach(words -> {
                try {
                    answers.println(
                            words[0].equals("create")
                                    ? store.createIfAbsent(words[1], words[2].getBytes(UTF_8))
                                    : begin(store, words[1]));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
        }
    }

    /** Leaves a large object unfinished. */
    private static String begin(Store store, String path) throws IOException {
        StoreOutput output = store.create(path);
        output.write(new byte[1 << 20]);
        return "begun";
    }
}
