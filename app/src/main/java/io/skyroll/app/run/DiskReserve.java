package io.skyroll.app.run;

import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The space that an embedded broker leaves free on its disk. Kafka ends the process, in the middle of everything, when the only disk it
 * has is full; so a run stops in order before that. Immutable, usable by any thread.
 *
 * @param directory the pipeline's {@code data_dir}, which exists
 * @param bytes how much must stay free
 */
record DiskReserve(Path directory, long bytes) {
    /** What to do, whichever way a run ended. */
    private static final String ADVICE =
            "What is published stands, and nothing is lost: free some space, or move data_dir to a larger disk, and start again";

    /**
     * Makes sure that there is more space than the reserve.
     *
     * @throws SkyrollException when there is not
     */
    void require() {
        try {
            long free = free();
            if (free < bytes) {
                throw SkyrollException.unavailable(
                        "the disk of data_dir %s has %d MB free, and the embedded broker leaves %d MB (kafka.min_free_bytes). %s"
                                .formatted(directory, free >> 20, bytes >> 20, ADVICE),
                        null);
            }
        } catch (IOException failure) {
            throw SkyrollException.unavailable(
                    "cannot tell how much space data_dir %s has: %s".formatted(directory, failure.getMessage()),
                    failure);
        }
    }

    /** Ends the process for a broker that cannot write to its disk any more, with a last line on the terminal that says so. */
    void halt() {
        String left;
        try {
            left = "%d MB are free there".formatted(free() >> 20);
        } catch (IOException failure) {
            left = String.valueOf(failure.getMessage());
        }
        System.err.println(
                "skyroll: the embedded broker cannot write to data_dir %s any more (%s), and the run ends at once. %s"
                        .formatted(directory, left, ADVICE));
        System.err.flush();
        Runtime.getRuntime().halt(FailureKind.UNAVAILABLE.exitCode());
    }

    private long free() throws IOException {
        return Files.getFileStore(directory).getUsableSpace();
    }
}
