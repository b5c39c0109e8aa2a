package io.skyroll.sinks.dataset;

import java.time.Duration;
import java.time.Instant;

/**
 * When a row group is closed, and when a file.
 *
 * @param groupRows the most rows of a row group, from 1
 * @param groupBytes how large its rows are at most as Avro, unless it has only one, from 1
 * @param fileBytes how large a file should become, from 1
 * @param fileRows the most rows of a file, from 1
 * @param fileAge nothing is added to a file with a cut that is so much later than the one with which it was begun; zero for no such
 *     limit
 */
public record FileRule(long groupRows, long groupBytes, long fileBytes, long fileRows, Duration fileAge) {
    public FileRule {
        if (groupRows < 1 || groupBytes < 1 || fileBytes < 1 || fileRows < 1 || fileAge.isNegative()) {
            throw new IllegalArgumentException(
                    "limits of row groups and files must be above 0: %d rows and %d bytes of a group, %d bytes, %d rows and %s of a file"
                            .formatted(groupRows, groupBytes, fileBytes, fileRows, fileAge));
        }
    }

    /** One file, whatever comes. */
    public static FileRule oneFile(long groupRows, long groupBytes) {
        return new FileRule(groupRows, groupBytes, Long.MAX_VALUE, Long.MAX_VALUE, Duration.ZERO);
    }

    /**
     * Whether rows may be added to a published file.
     *
     * @param rows those of the file that stay
     * @param rawBytes their size as Avro
     * @param nextBytes size as Avro of the next row group
     * @param cutTime time of the cut with which it comes
     */
    boolean canGoOn(FolderFile file, long rows, long rawBytes, long nextBytes, Instant cutTime) {
        boolean isOld =
                !fileAge.isZero() && Duration.between(file.begun(), cutTime).compareTo(fileAge) >= 0;
        double ratio = (double) file.bytes() / file.rawBytes();
        return !isOld && rows < fileRows && (rawBytes + (double) nextBytes) * ratio <= fileBytes;
    }

    /**
     * Whether a row group has room in a file.
     *
     * @param bytes the file's size so far, not 0
     * @param rawBytes size of its rows as Avro
     * @param groupBytes size of the group's rows as Avro; how well they are compressed is taken from the file
     */
    boolean hasRoom(long bytes, long rawBytes, long groupBytes) {
        return bytes + (double) bytes / rawBytes * groupBytes <= fileBytes;
    }
}
