package io.skyroll.app.command;

import java.nio.file.Path;
import java.util.List;

/** How commands list what they found. */
final class Findings {

    private Findings() {}

    /** The lines under a heading; nothing when there are none. */
    static String listed(Path file, List<String> lines, String what) {
        return lines.isEmpty()
                ? ""
                : "skyroll: %s has %d %s%s:%n  - %s%n"
                        .formatted(
                                file, lines.size(), what, lines.size() == 1 ? "" : "s", String.join("\n  - ", lines));
    }
}
