package io.skyroll.producers.libpq;

import io.skyroll.schemas.failure.SkyrollException;

/** Whole numbers in parameters. */
final class Numbers {
    private Numbers() {}

    static int parse(Keyword keyword, String value) {
        try {
            return Integer.parseInt(value.trim());
        } catch (NumberFormatException failure) {
            throw SkyrollException.configuration(
                    "invalid integer value \"%s\" for connection option \"%s\"".formatted(value, keyword.text()),
                    failure);
        }
    }
}
