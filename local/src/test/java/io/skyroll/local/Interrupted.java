package io.skyroll.local;

import java.nio.file.Path;

/** A program that is interrupted as it starts a node on what another has left, and ends as it should: without a word. */
final class Interrupted {
    static final int EXIT_CODE = 130;

    private Interrupted() {}

    public static void main(String[] arguments) {
        Thread.currentThread().interrupt();
        try {
            KafkaNode.start(Path.of(arguments[0]), 0).stop();
        } catch (Exception stopped) {
            System.exit(EXIT_CODE);
        }
    }
}
