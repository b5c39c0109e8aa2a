package io.skyroll.local;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A schema registry in this JVM, on the loopback address, that speaks the part of the Confluent Schema Registry's HTTP API which
 * clients use.
 *
 * <p>Avro schemas only, without references. {@code normalize} and {@code deleted} parameters are not looked at: two schemas are the
 * same when Avro prints them the same. Every change is on the disk before it is answered. Anybody on this machine may connect.
 * Thread-safe.
 */
public final class EmbeddedRegistry implements AutoCloseable {

    private static final Logger log = LoggerFactory.getLogger(EmbeddedRegistry.class);

    private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
    private static final String NO_DELAY = "sun.net.httpserver.nodelay";
    private static final int DEFAULT_BACKLOG = 0;
    private static final int THREADS = 4;

    static {
        // The JDK's server writes an answer's head and body apart. Unless told to send at once, it waits 40 ms between
        // them for the
        // client's delayed acknowledgement.
        if (System.getProperty(NO_DELAY) == null) {
            System.setProperty(NO_DELAY, "true");
        }
    }

    private final JsonMapper json = new JsonMapper();
    private final DirectoryLock lock;
    private final Subjects subjects;
    private final RegistryApi api;
    private final HttpServer server;
    private final ExecutorService threads;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedRegistry(DirectoryLock lock, Subjects subjects, HttpServer server) {
        this.lock = lock;
        this.subjects = subjects;
        this.api = new RegistryApi(subjects);
        this.server = server;
        AtomicInteger count = new AtomicInteger();
        this.threads = Executors.newFixedThreadPool(THREADS, task -> {
            Thread thread = new Thread(task, "embedded-registry-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Starts a registry at a free port; as {@link #start(Path, int)} with port 0. */
    public static EmbeddedRegistry start(Path directory) {
        return start(directory, 0);
    }

    /**
     * Starts a registry with all that the directory holds from before.
     *
     * @param directory its data; created where missing; nothing else may be kept there
     * @param port where clients connect, or 0 for any free one
     * @throws IllegalStateException when another server uses the directory
     * @throws UncheckedIOException when the directory cannot be read and written, its journal is damaged, or the port is taken
     */
    public static EmbeddedRegistry start(Path directory, int port) {
        DirectoryLock lock = DirectoryLock.take(directory);
        @Nullable Subjects subjects = null;
        try {
            subjects = Subjects.open(lock.directory().resolve("journal.jsonl"));
            EmbeddedRegistry registry =
                    new EmbeddedRegistry(lock, subjects, HttpServer.create(Loopback.at(port), DEFAULT_BACKLOG));
            registry.serve();
            return registry;
        } catch (IOException | RuntimeException e) {
            if (subjects != null) {
                subjects.close();
            }
            lock.close();
            if (e instanceof IOException io) {
                throw new UncheckedIOException(
                        "could not listen on %s:%d for the registry".formatted(Loopback.HOST, port), io);
            }
            throw (RuntimeException) e;
        }
    }

    private void serve() {
        server.createContext("/", this::handle);
        server.setExecutor(threads);
        server.start();
    }

    /** Where clients find it: {@code http://127.0.0.1:port}. */
    public URI url() {
        return URI.create(
                "http://%s:%d".formatted(Loopback.HOST, server.getAddress().getPort()));
    }

    /** Stops answering; requests under way are cut off. */
    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        server.stop(0);
        threads.shutdown();
        subjects.close();
        lock.close();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            int status = 200;
            Object answer;
            try {
                answer = answer(exchange);
            } catch (RegistryException e) {
                status = e.status();
                answer = Map.of("error_code", e.code(), "message", e.reason());
            } catch (RuntimeException e) {
                log.atError()
                        .addKeyValue("request", exchange.getRequestURI())
                        .setCause(e)
                        .log("registry request failed");
                status = 500;
                answer = Map.of("error_code", 50001, "message", "Error in the backend data store: " + e.getMessage());
            }
            byte[] bytes = json.writeValueAsBytes(answer);
            exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
            exchange.sendResponseHeaders(status, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private Object answer(HttpExchange exchange) throws IOException {
        byte[] bytes = exchange.getRequestBody().readAllBytes();
        URI uri = exchange.getRequestURI();
        List<String> path;
        Map<String, String> query;
        JsonNode body;
        try {
            path = path(uri);
            query = query(uri);
            body = bytes.length == 0 ? MissingNode.getInstance() : json.readTree(bytes);
        } catch (JsonProcessingException | IllegalArgumentException e) {
            throw new RegistryException(400, "Unable to process request: " + e.getMessage());
        }
        return api.answer(exchange.getRequestMethod(), path, query, body);
    }

    private static List<String> path(URI uri) {
        return Arrays.stream(uri.getRawPath().substring(1).split("/"))
                // A plus sign is itself in a path; it is a space only in a query.
                .map(segment -> URLDecoder.decode(segment.replace("+", "%2B"), StandardCharsets.UTF_8))
                .toList();
    }

    private static Map<String, String> query(URI uri) {
        Map<String, String> query = new HashMap<>();
        if (uri.getRawQuery() != null) {
            for (String parameter : uri.getRawQuery().split("&", -1)) {
                String[] parts = parameter.split("=", 2);
                query.put(decode(parts[0]), parts.length == 1 ? "" : decode(parts[1]));
            }
        }
        return query;
    }

    private static String decode(String text) {
        return URLDecoder.decode(text, StandardCharsets.UTF_8);
    }
}
