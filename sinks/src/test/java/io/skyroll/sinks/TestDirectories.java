package io.skyroll.sinks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * Makes tests' directories in memory, where a system offers that: making and deleting thousands of small files costs a journaling file
 * system more than what is tested. Made by JUnit, by its name.
 */
public final class TestDirectories implements TempDirFactory {
    private static final Path MEMORY = Path.of("/dev/shm");
    /** Several times what all tests need at once; containers often offer less. */
    private static final long ENOUGH_BYTES = 2L << 30;

    @Override
    public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext test) throws Exception {
        return isEnoughMemory()
                ? Files.createTempDirectory(MEMORY, "junit-")
                : Standard.INSTANCE.createTempDirectory(element, test);
    }

    private static boolean isEnoughMemory() throws IOException {
        return Files.isWritable(MEMORY) && Files.getFileStore(MEMORY).getUsableSpace() > ENOUGH_BYTES;
    }
}
