package io.skyroll.schemas.registry;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * A client of any server that speaks the Confluent Schema Registry API. Answers are kept for ever, since ids never change their
 * meaning. Thread-safe.
 */
public final class RegistryClient implements SchemaRegistry {
    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(200);
    private static final int ATTEMPTS = 5;
    private static final int INCOMPATIBLE = 409;

    private final ObjectMapper json = new ObjectMapper();
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(TIMEOUT).build();
    private final String base;
    private final @Nullable String authorization;
    private final Map<SubjectSchema, Integer> ids = new ConcurrentHashMap<>();
    private final Map<Integer, Schema> schemas = new ConcurrentHashMap<>();

    /**
     * @param url the server's base address; {@code user:password@} before the host is sent as basic authentication and
     *     never shown
     */
    public RegistryClient(URI url) {
        String user = url.getUserInfo();
        authorization = user == null
                ? null
                : "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
        String text = user == null ? url.toString() : url.toString().replace(url.getRawUserInfo() + "@", "");
        base = text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    }

    @Override
    public int register(String subject, Schema schema) {
        return ids.computeIfAbsent(new SubjectSchema(subject, schema.toString()), wanted -> {
            ObjectNode body =
                    json.createObjectNode().put("schema", wanted.schema()).put("schemaType", "AVRO");
            String path = "/subjects/%s/versions".formatted(URLEncoder.encode(subject, StandardCharsets.UTF_8));
            HttpRequest.Builder request = request(path)
                    .header("Content-Type", CONTENT_TYPE)
                    .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
            return required(send(request, "register the schema of subject " + subject), "id")
                    .intValue();
        });
    }

    @Override
    public Schema schema(int id) {
        return schemas.computeIfAbsent(id, wanted -> {
            JsonNode answer = send(request("/schemas/ids/" + wanted).GET(), "read schema " + wanted);
            return new Schema.Parser().parse(required(answer, "schema").textValue());
        });
    }

    private HttpRequest.Builder request(String path) {
        HttpRequest.Builder builder =
                HttpRequest.newBuilder(URI.create(base + path)).timeout(TIMEOUT).header("Accept", CONTENT_TYPE);
        return authorization == null ? builder : builder.header("Authorization", authorization);
    }

    private JsonNode send(HttpRequest.Builder request, String what) {
        HttpRequest built = request.build();
        IOException last = new IOException("not tried");
        try {
            for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
                try {
                    HttpResponse<String> response = http.send(built, HttpResponse.BodyHandlers.ofString());
                    if (response.statusCode() < 500) {
                        return answer(response, what);
                    }
                    last = new IOException("HTTP %d: %s".formatted(response.statusCode(), message(response.body())));
                } catch (IOException failure) {
                    last = failure;
                }
                Thread.sleep(FIRST_PAUSE.toMillis() << attempt);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw SkyrollException.unavailable(
                    "interrupted while asking registry %s to %s".formatted(base, what), interrupted);
        }
        throw SkyrollException.unavailable(
                "registry %s did not %s in %d attempts: %s".formatted(base, what, ATTEMPTS, last), last);
    }

    private JsonNode answer(HttpResponse<String> response, String what) {
        if (response.statusCode() == INCOMPATIBLE) {
            throw SkyrollException.configuration(
                    "registry %s refused to %s: HTTP %d: %s. Give the pipeline another name, so that its subjects start anew, or have the compatibility of its subjects set to NONE until it has run"
                            .formatted(base, what, response.statusCode(), message(response.body())));
        }
        if (response.statusCode() >= 300) {
            throw SkyrollException.configuration("registry %s refused to %s: HTTP %d: %s"
                    .formatted(base, what, response.statusCode(), message(response.body())));
        }
        try {
            return json.readTree(response.body());
        } catch (JsonProcessingException foreign) {
            throw SkyrollException.configuration(
                    "%s does not answer like a schema registry: is registry.url right?".formatted(base), foreign);
        }
    }

    private String message(String body) {
        try {
            JsonNode parsed = json.readTree(body);
            return parsed.hasNonNull("message") ? parsed.get("message").asText() : body;
        } catch (JsonProcessingException plain) {
            return body;
        }
    }

    private JsonNode required(JsonNode answer, String field) {
        JsonNode value = answer.get(field);
        if (value == null) {
            throw SkyrollException.configuration(
                    "%s answered without '%s': is registry.url right?".formatted(base, field));
        }
        return value;
    }

    private record SubjectSchema(String subject, String schema) {}
}
