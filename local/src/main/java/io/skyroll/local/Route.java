package io.skyroll.local;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One operation of the registry's HTTP API: which requests it takes, and what it answers. */
record Route(String method, List<String> pattern, Operation operation) {

    private static final String ARGUMENT = "{}";

    /** What a request asks for, decoded; {@code arguments} are the path's variable segments in order. */
    record Request(List<String> arguments, Map<String, String> query, JsonNode body) {

        String argument(int index) {
            return arguments.get(index);
        }

        /** Whether the query names a parameter as true. */
        boolean isSet(String parameter) {
            return "true".equals(query.get(parameter));
        }
    }

    /** Answers a request with a value that Jackson writes. */
    @FunctionalInterface
    interface Operation {
        Object answer(Request request);
    }

    /** @param pattern as {@code /subjects/{}/versions}, where {@code {}} stands for any one segment */
    static Route of(String method, String pattern, Operation operation) {
        return new Route(method, List.of(pattern.substring(1).split("/")), operation);
    }

    /** The variable segments, if the path is of this route. */
    Optional<List<String>> match(List<String> path) {
        if (path.size() != pattern.size()) {
            return Optional.empty();
        }
        List<String> arguments = new ArrayList<>();
        for (int i = 0; i < path.size(); i++) {
            if (pattern.get(i).equals(ARGUMENT)) {
                arguments.add(path.get(i));
            } else if (!pattern.get(i).equals(path.get(i))) {
                return Optional.empty();
            }
        }
        return Optional.of(arguments);
    }
}
