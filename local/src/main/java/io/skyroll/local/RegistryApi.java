package io.skyroll.local;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.util.RawValue;
import io.skyroll.local.Route.Request;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The operations of the registry, each under the path, with the answer and the error codes, that the Confluent registry has for it. */
final class RegistryApi {

    private static final String AVRO = "AVRO";

    /** A place where a schema is used, as it is answered. */
    record Use(String subject, int version) {}

    private final Subjects subjects;
    private final List<Route> routes;

    RegistryApi(Subjects subjects) {
        this.subjects = subjects;
        this.routes = List.of(
                Route.of("GET", "/", request -> Map.of()),
                Route.of("GET", "/mode", request -> Map.of("mode", "READWRITE")),
                Route.of("GET", "/schemas/types", request -> List.of(AVRO)),
                Route.of("GET", "/schemas/ids/{}", request -> Map.of("schema", subjects.schema(id(request)))),
                Route.of("GET", "/schemas/ids/{}/schema", request -> new RawValue(subjects.schema(id(request)))),
                Route.of("GET", "/schemas/ids/{}/versions", this::uses),
                Route.of("GET", "/subjects", request -> subjects.names()),
                Route.of("POST", "/subjects/{}", this::find),
                Route.of("DELETE", "/subjects/{}", this::delete),
                Route.of("GET", "/subjects/{}/versions", request -> subjects.versions(request.argument(0))),
                Route.of("POST", "/subjects/{}/versions", this::register),
                Route.of("GET", "/subjects/{}/versions/{}", this::version),
                Route.of("GET", "/subjects/{}/versions/{}/schema", this::versionSchema),
                Route.of("POST", "/compatibility/subjects/{}/versions", this::compatibleWithAll),
                Route.of("POST", "/compatibility/subjects/{}/versions/{}", this::compatibleWithOne),
                Route.of("GET", "/config", request -> Map.of("compatibilityLevel", subjects.level())),
                Route.of("PUT", "/config", request -> configure(null, request)),
                Route.of("GET", "/config/{}", this::level),
                Route.of("PUT", "/config/{}", request -> configure(request.argument(0), request)),
                Route.of("DELETE", "/config/{}", this::unconfigure));
    }

    /**
     * Answers a request with a value that Jackson writes.
     *
     * @throws RegistryException when it is refused
     */
    Object answer(String method, List<String> path, Map<String, String> query, JsonNode body) {
        boolean known = false;
        for (Route route : routes) {
            Optional<List<String>> arguments = route.match(path);
            if (arguments.isPresent() && route.method().equals(method)) {
                return route.operation().answer(new Request(arguments.get(), query, body));
            }
            known |= arguments.isPresent();
        }
        throw known
                ? new RegistryException(405, "HTTP 405 Method Not Allowed")
                : new RegistryException(404, "HTTP 404 Not Found");
    }

    private Object register(Request request) {
        String schema = avro(request.body());
        if (request.body().path("id").asInt() > 0) {
            throw new RegistryException(
                    42205,
                    "Subject %s is not in import mode: this registry chooses ids itself"
                            .formatted(request.argument(0)));
        }
        return Map.of("id", subjects.register(request.argument(0), schema));
    }

    private Object find(Request request) {
        return subjects.find(request.argument(0), avro(request.body()));
    }

    private Object version(Request request) {
        return subjects.version(request.argument(0), request.argument(1));
    }

    private Object versionSchema(Request request) {
        return new RawValue(
                subjects.version(request.argument(0), request.argument(1)).schema());
    }

    private Object uses(Request request) {
        return subjects.uses(id(request)).stream()
                .map(use -> new Use(use.subject(), use.version()))
                .toList();
    }

    private Object delete(Request request) {
        String subject = request.argument(0);
        return request.isSet("permanent") ? subjects.erase(subject) : subjects.delete(subject);
    }

    private Object compatibleWithAll(Request request) {
        return verdict(request, subjects.objections(request.argument(0), avro(request.body())));
    }

    private Object compatibleWithOne(Request request) {
        return verdict(request, subjects.objections(request.argument(0), request.argument(1), avro(request.body())));
    }

    private static Object verdict(Request request, List<String> objections) {
        Map<String, Object> verdict = new LinkedHashMap<>();
        verdict.put("is_compatible", objections.isEmpty());
        if (request.isSet("verbose")) {
            verdict.put("messages", objections);
        }
        return verdict;
    }

    private Object level(Request request) {
        String subject = request.argument(0);
        Optional<Compatibility> own = subjects.level(subject);
        if (own.isEmpty() && !request.isSet("defaultToGlobal")) {
            throw new RegistryException(
                    40408, "Subject '%s' does not have subject-level compatibility configured".formatted(subject));
        }
        return Map.of("compatibilityLevel", own.orElseGet(subjects::level));
    }

    private Object configure(@Nullable String subject, Request request) {
        String name = request.body().path("compatibility").asText();
        Compatibility level = Compatibility.named(name)
                .orElseThrow(() -> new RegistryException(
                        42203,
                        "Invalid compatibility level '%s'. Valid values are %s"
                                .formatted(name, Arrays.toString(Compatibility.values()))));
        subjects.configure(subject, level);
        return Map.of("compatibility", level);
    }

    private Object unconfigure(Request request) {
        return Map.of("compatibilityLevel", subjects.unconfigure(request.argument(0)));
    }

    private static int id(Request request) {
        try {
            return Integer.parseInt(request.argument(0));
        } catch (NumberFormatException e) {
            throw RegistryException.schemaNotFound();
        }
    }

    /** The Avro schema that a request's body holds. */
    private static String avro(JsonNode body) {
        String type = body.path("schemaType").asText(AVRO);
        if (!type.equals(AVRO)) {
            throw RegistryException.invalidSchema("the embedded registry takes schemaType AVRO only, not " + type);
        }
        if (!body.path("references").isEmpty()) {
            throw RegistryException.invalidSchema("the embedded registry takes no references to other schemas");
        }
        if (!body.path("schema").isTextual()) {
            throw RegistryException.invalidSchema("the request has no text under \"schema\"");
        }
        return body.path("schema").textValue();
    }
}
