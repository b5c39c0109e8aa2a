package io.skyroll.local;

import java.nio.file.Path;

/** A program that runs a stack, closes it, and ends by having nothing left to do. */
final class Leaver {

    private Leaver() {}

    public static void main(String[] arguments) {
        try (LocalStack stack = LocalStack.start(Path.of(arguments[0]))) {
            stack.database();
        }
    }
}
