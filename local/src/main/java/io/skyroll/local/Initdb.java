package io.skyroll.local;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The program that fills a new data directory. It goes on with that when the JVM that started it is killed. */
final class Initdb {
    private static final long LIMIT_SECONDS = 10;

    private Initdb() {}

    /**
     * Ends what still fills a directory, which the caller has locked, and returns when it is gone.
     *
     * @throws IllegalStateException when it does not end
     */
    static void end(Path data) {
        List<ProcessHandle> processes = ProcessHandle.allProcesses()
                .filter(process -> fills(process, data))
                .flatMap(process -> Stream.concat(Stream.of(process), process.descendants()))
                .toList();
        processes.forEach(ProcessHandle::destroyForcibly);
        CompletableFuture<Void> ended = CompletableFuture.allOf(
                processes.stream().map(ProcessHandle::onExit).toArray(CompletableFuture[]::new));
        try {
            ended.orTimeout(LIMIT_SECONDS, TimeUnit.SECONDS).join();
        } catch (CompletionException late) {
            throw new IllegalStateException(
                    "PostgreSQL's initdb on %s does not stop: end %s, then try again"
                            .formatted(
                                    data,
                                    processes.stream().map(ProcessHandle::pid).toList()),
                    late);
        }
    }

    private static boolean fills(ProcessHandle process, Path data) {
        List<String> arguments = process.info().arguments().map(Arrays::asList).orElse(List.of());
        return arguments.contains(data.toString())
                && Stream.concat(process.info().command().stream(), arguments.stream())
                        .anyMatch(argument -> argument.endsWith("initdb"));
    }
}
