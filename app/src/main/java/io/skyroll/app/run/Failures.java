package io.skyroll.app.run;

import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Says of a failure that has no words of its own who must act on it. */
public final class Failures {
    private static final int DEEPEST = 20;

    /** What file systems say that will not take what is written, with what to do about it. */
    private static final List<Advice> ADVICE = List.of(
            new Advice("No space left on device", "free some space"),
            new Advice("Disk quota exceeded", "free some space, or have the quota raised"),
            new Advice("Read-only file system", "have it mounted for writing"),
            new Advice("Permission denied", "let this user write there"));

    private Failures() {}

    /**
     * A failure of a stage or a service, as the failure of the run.
     *
     * @param what was attempted, and where, to begin the message with unless the failure has words of its own
     */
    public static SkyrollException of(String what, Throwable failure) {
        Optional<SkyrollException> told = first(failure, SkyrollException.class);
        Optional<IOException> io = first(failure, FileSystemException.class)
                .map(IOException.class::cast)
                .or(() -> first(failure, IOException.class));
        Optional<String> advice = io.flatMap(Failures::advice);
        boolean isIo = told.map(SkyrollException::kind).orElse(FailureKind.UNAVAILABLE) == FailureKind.UNAVAILABLE;
        if (isIo && advice.isPresent()) {
            // Words of its own say which file it was, where the system's do not.
            String why = told.map(Throwable::getMessage).orElse(io.get().getMessage());
            return SkyrollException.unavailable(
                    "%s: %s. What is published stands, and nothing is lost: %s and start again"
                            .formatted(what, why, advice.get()),
                    failure);
        }
        if (told.isPresent()) {
            return told.get();
        }
        return io.isPresent()
                ? SkyrollException.unavailable(
                        "%s: %s: %s. What is published stands, and nothing is lost: start again when it is mended"
                                .formatted(
                                        what,
                                        io.get().getClass().getSimpleName(),
                                        io.get().getMessage()),
                        failure)
                : SkyrollException.defect(what, failure);
    }

    private static Optional<String> advice(IOException io) {
        String message = String.valueOf(io.getMessage());
        return ADVICE.stream()
                .filter(advice -> message.contains(advice.sign()))
                .map(Advice::act)
                .findFirst();
    }

    private static <T extends Throwable> Optional<T> first(Throwable failure, Class<T> type) {
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (type.isInstance(cause)) {
                return Optional.of(type.cast(cause));
            }
            cause = cause.getCause();
        }
        return Optional.empty();
    }

    /** The messages of a failure and its causes, each once. */
    static String reasons(Throwable failure) {
        Set<String> reasons = new LinkedHashSet<>();
        @Nullable Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            reasons.add(String.valueOf(cause.getMessage()));
            cause = cause.getCause();
        }
        return String.join(": ", reasons);
    }

    private record Advice(String sign, String act) {}
}
