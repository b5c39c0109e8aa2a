package io.skyroll.sinks.storage;

import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** The rules for a path of a {@link Store}, alike for all stores so that a catalog can move between them. */
final class StorePath {

    /** Directory of unfinished files. Outside any catalog, where its files would be taken for leaves. */
    static final String SKYROLL = "_skyroll";

    static final String TMP = "tmp";

    /** What common file systems take. */
    private static final int MAX_SEGMENT_BYTES = 255;

    private StorePath() {}

    /** Returns the path if it names an object or a directory below the root, or throws. */
    static String checked(String path) {
        for (String segment : path.split("/", -1)) {
            String problem = problem(segment);
            if (!problem.isEmpty()) {
                throw new IllegalArgumentException(
                        "path must be relative segments separated by '/': '%s' has %s".formatted(path, problem));
            }
        }
        if ((path + "/").startsWith(SKYROLL + "/" + TMP + "/")) {
            throw new IllegalArgumentException("path is kept for unfinished files: '%s'".formatted(path));
        }
        return path;
    }

    /** As {@link #checked}, but the empty string, for the root, is fine too. */
    static String checkedDirectory(String path) {
        return path.isEmpty() ? path : checked(path);
    }

    /** Whether the child of the directory is the one that no store lists. */
    static boolean isHidden(String directory, String child) {
        return directory.equals(SKYROLL) && child.equals(TMP);
    }

    private static String problem(String segment) {
        if (segment.isEmpty()) {
            return "an empty segment";
        }
        if (segment.equals(".") || segment.equals("..")) {
            return "the segment '" + segment + "'";
        }
        boolean isAscii = true;
        for (int i = 0; i < segment.length(); i++) {
            char c = segment.charAt(i);
            // HDFS refuses a colon, Windows a colon and a backslash.
            if (c == '\\' || c == ':' || Character.isISOControl(c)) {
                return "a backslash, a colon or a control character";
            }
            isAscii &= c < 0x80;
        }
        try {
            // Nearly all are ASCII, and each call of a store comes by here.
            int bytes = isAscii ? segment.length() : utf8Bytes(segment);
            return bytes > MAX_SEGMENT_BYTES ? "a segment of more than " + MAX_SEGMENT_BYTES + " bytes" : "";
        } catch (CharacterCodingException e) {
            return "a segment that is not valid Unicode";
        }
    }

    private static int utf8Bytes(String segment) throws CharacterCodingException {
        return StandardCharsets.UTF_8
                .newEncoder()
                .encode(CharBuffer.wrap(segment))
                .remaining();
    }
}
