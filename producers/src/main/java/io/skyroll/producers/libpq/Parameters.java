package io.skyroll.producers.libpq;

import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/** All parameters that are set anywhere, by precedence. Immutable once collected. */
final class Parameters {
    private final Map<Keyword, String> values = new EnumMap<>(Keyword.class);

    private Parameters() {}

    static Parameters collect(Map<String, String> given, Surroundings surroundings) {
        Parameters parameters = new Parameters();
        parameters.addGiven(given);
        Optional<String> service = parameters.find(Keyword.SERVICE).or(() -> variable(Keyword.SERVICE, surroundings));
        service.ifPresent(name -> ServiceFile.find(name, surroundings).forEach(parameters.values::putIfAbsent));
        for (Keyword keyword : Keyword.values()) {
            variable(keyword, surroundings).ifPresent(value -> parameters.values.putIfAbsent(keyword, value));
        }
        return parameters;
    }

    /** What is set, even if to nothing: that hides what has lower precedence. */
    Optional<String> find(Keyword keyword) {
        return Optional.ofNullable(values.get(keyword));
    }

    /** What is set to something. */
    Optional<String> text(Keyword keyword) {
        return find(keyword).filter(value -> !value.isEmpty());
    }

    private void addGiven(Map<String, String> given) {
        Map<Keyword, String> single = new EnumMap<>(Keyword.class);
        given.forEach((name, value) -> {
            if (value.isEmpty()) {
                return;
            }
            // psql takes a connection string for the name of a database too, and so does everybody who learnt from it.
            if (name.equals(ConnectionSettings.URL)
                    || (name.equals(Keyword.DBNAME.text()) && ConnectionString.isRecognized(value))) {
                values.putAll(ConnectionString.parse(value));
            } else {
                single.put(Keyword.parse(name), value);
            }
        });
        values.putAll(single);
    }

    private static Optional<String> variable(Keyword keyword, Surroundings surroundings) {
        return keyword.variable().map(surroundings.environment()::get);
    }
}
