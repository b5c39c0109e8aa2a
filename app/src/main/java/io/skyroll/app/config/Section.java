package io.skyroll.app.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A mapping in the pipeline file. Every key that is asked for is known; {@link #finish()} reports those that nobody asked for. A wrong
 * value is reported, and its default goes on in its place, so that reading finds the other problems too.
 */
final class Section {
    private final String path;
    private final JsonNode node;
    private final Problems problems;
    private final @Nullable Section defaults;
    private final Set<String> known = new LinkedHashSet<>();

    Section(String path, JsonNode node, Problems problems) {
        this(path, node, problems, null);
    }

    private Section(String path, JsonNode node, Problems problems, @Nullable Section defaults) {
        this.path = path;
        this.problems = problems;
        this.defaults = defaults;
        if (node.isObject()) {
            this.node = node;
        } else {
            this.node = JsonNodeFactory.instance.objectNode();
            if (!node.isMissingNode() && !node.isNull()) {
                problems.add(path, "expected keys and values, found %s".formatted(shown(node)));
            }
        }
    }

    boolean has(String key) {
        known.add(key);
        return node.hasNonNull(key) || (defaults != null && defaults.has(key));
    }

    /** Whether a key says {@code none} in place of a mapping. */
    boolean isNone(String key) {
        known.add(key);
        return node.path(key).isTextual() && node.path(key).asText().equals("none");
    }

    /** Reports a problem of a key's value. */
    void problem(String key, String problem) {
        problems.add(pathOf(key), problem);
    }

    Section section(String key) {
        return new Section(pathOf(key), child(key), problems);
    }

    /** A mapping whose absent keys are taken from another. */
    Section section(String key, Section byDefault) {
        return new Section(pathOf(key), child(key), problems, byDefault);
    }

    Optional<String> text(String key) {
        JsonNode value = child(key);
        if (value.isMissingNode() || value.isNull()) {
            return Optional.empty();
        }
        if (!value.isValueNode() || value.asText().isBlank()) {
            problem(key, "expected text, found %s".formatted(shown(value)));
            return Optional.empty();
        }
        return Optional.of(value.asText());
    }

    String requiredText(String key) {
        return text(key).orElseGet(() -> {
            if (!has(key)) {
                problem(key, "expected text, found nothing");
            }
            return "";
        });
    }

    String oneOf(String key, String byDefault, String... allowed) {
        // Where null is one of the words, YAML's null is meant as that and not as nothing.
        String value = text(key).orElse(isNull(key) && Arrays.asList(allowed).contains("null") ? "null" : byDefault);
        if (!Arrays.asList(allowed).contains(value)) {
            problem(key, "expected one of %s, found '%s'".formatted(String.join(", ", allowed), value));
            return byDefault;
        }
        return value;
    }

    long number(String key, long byDefault, long least, long most) {
        JsonNode value = child(key);
        if (value.isMissingNode() || value.isNull()) {
            return byDefault;
        }
        if (!value.isIntegralNumber() || !value.canConvertToLong() || value.asLong() < least || value.asLong() > most) {
            problem(key, "expected a whole number from %d to %d, found %s".formatted(least, most, shown(value)));
            return byDefault;
        }
        return value.asLong();
    }

    /** A number that is not negative. */
    double decimal(String key, double byDefault) {
        JsonNode value = child(key);
        if (value.isMissingNode() || value.isNull()) {
            return byDefault;
        }
        if (!value.isNumber() || !(value.asDouble() >= 0) || Double.isInfinite(value.asDouble())) {
            problem(key, "expected a number from 0, found %s".formatted(shown(value)));
            return byDefault;
        }
        return value.asDouble();
    }

    boolean flag(String key, boolean byDefault) {
        JsonNode value = child(key);
        if (value.isMissingNode() || value.isNull()) {
            return byDefault;
        }
        if (!value.isBoolean()) {
            problem(key, "expected true or false, found %s".formatted(shown(value)));
            return byDefault;
        }
        return value.asBoolean();
    }

    /** The elements of a list; none when it is absent. */
    List<JsonNode> list(String key) {
        JsonNode value = child(key);
        if (value.isMissingNode() || value.isNull()) {
            return List.of();
        }
        if (!value.isArray()) {
            problem(key, "expected a list, found %s".formatted(shown(value)));
            return List.of();
        }
        List<JsonNode> elements = new ArrayList<>();
        value.forEach(elements::add);
        return elements;
    }

    /** The keys and values of a mapping whose keys are not ours to know. */
    Map<String, String> map(String key) {
        Map<String, String> entries = new LinkedHashMap<>();
        JsonNode value = child(key);
        if (!value.isMissingNode() && !value.isNull() && !value.isObject()) {
            problem(key, "expected keys and values, found %s".formatted(shown(value)));
        }
        value.properties().forEach(entry -> {
            if (entry.getValue().isValueNode() && !entry.getValue().isNull()) {
                entries.put(entry.getKey(), entry.getValue().asText());
            } else {
                problem(key + "." + entry.getKey(), "expected one value, found %s".formatted(shown(entry.getValue())));
            }
        });
        return entries;
    }

    /** Where an element of a list stands, and how to read it as a mapping. */
    Section element(String key, int index, JsonNode element) {
        return new Section("%s[%d]".formatted(pathOf(key), index), element, problems);
    }

    /** Reports keys that stand in this mapping, which they have no place in; those that it takes from another are let be. */
    void refuse(List<String> keys, String problem) {
        known.addAll(keys);
        keys.stream().filter(node::has).forEach(key -> problem(key, problem));
    }

    /** The same, where some keys are known though no table needed them. */
    void finish(List<String> knownBesides) {
        known.addAll(knownBesides);
        finish();
    }

    /** Reports the keys that nobody asked for. */
    void finish() {
        node.fieldNames().forEachRemaining(key -> {
            if (!known.contains(key)) {
                String meant = NearestName.of(key, known)
                        .map(name -> ", did you mean '%s'?".formatted(name))
                        .orElse("; known here: " + String.join(", ", known));
                problem(key, "unknown key" + meant);
            }
        });
    }

    String pathOf(String key) {
        if (defaults != null && !node.has(key)) {
            return defaults.pathOf(key);
        }
        return path.isEmpty() ? key : path + "." + key;
    }

    private boolean isNull(String key) {
        return node.has(key) ? node.get(key).isNull() : defaults != null && defaults.isNull(key);
    }

    private JsonNode child(String key) {
        known.add(key);
        // Asked in any case: a default that is not needed is a known key all the same.
        JsonNode byDefault = defaults == null ? MissingNode.getInstance() : defaults.child(key);
        return defaults == null || node.hasNonNull(key) ? node.path(key) : byDefault;
    }

    private static String shown(JsonNode value) {
        return value.isTextual() ? "'%s'".formatted(value.asText()) : value.toString();
    }
}
