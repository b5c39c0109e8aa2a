package io.skyroll.streams.row;

import io.skyroll.schemas.failure.SkyrollException;

/**
 * A quality filter.
 *
 * @param name the rule that a row is rejected with; not one of {@link Rules}
 * @param where a predicate that rows must fulfil, in PostgreSQL's language; false and unknown both reject
 */
public record FilterSettings(String name, String where) {
    public FilterSettings {
        if (name.isBlank() || Rules.isReserved(name)) {
            throw SkyrollException.configuration(
                    "filter name must not be empty nor start with sky. or source., which Skyroll's own rules do: '%s'"
                            .formatted(name));
        }
    }
}
