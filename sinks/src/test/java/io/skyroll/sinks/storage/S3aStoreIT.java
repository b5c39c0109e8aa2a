package io.skyroll.sinks.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.skyroll.sinks.catalog.CatalogExtras;
import io.skyroll.sinks.catalog.Choice;
import io.skyroll.sinks.hats.Skymaps;
import io.skyroll.sinks.publish.SmallSkyCatalog;
import io.skyroll.sinks.verify.CheckResult;
import io.skyroll.sinks.verify.Report;
import io.skyroll.sinks.verify.Verification;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.apache.hadoop.fs.s3a.S3AFileSystem;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.nio2blob.TransientNio2BlobStore;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Order(1)
final class S3aStoreIT extends StoreContract {

    @SuppressWarnings("NullAway.Init")
    private static S3Proxy server;

    /** Two for all tests: making one takes longer than most tests. */
    private static final List<S3AFileSystem> CLIENTS = new ArrayList<>();

    private final UUID test = UUID.randomUUID();
    private int opened;

    @BeforeAll
    static void startServer() throws Exception {
        TransientNio2BlobStore objects = new TransientNio2BlobStore();
        objects.createContainer("bucket");
        server = S3Proxy.builder()
                .blobStore(objects)
                .endpoint(URI.create("http://127.0.0.1:0"))
                .awsAuthentication(AuthenticationType.AWS_V4, "user", "secret")
                .build();
        server.start();
        for (int i = 0; i < 2; i++) {
            CLIENTS.add(Stores.s3a(new org.apache.hadoop.fs.Path("s3a://bucket/"), properties(server.getPort())));
        }
    }

    @AfterAll
    static void stopServer() throws Exception {
        for (S3AFileSystem client : CLIENTS) {
            client.close();
        }
        server.stop();
    }

    private static Map<String, String> properties(int port) {
        return Map.of(
                "fs.s3a.endpoint", "http://127.0.0.1:" + port,
                "fs.s3a.endpoint.region", "us-east-1",
                "fs.s3a.path.style.access", "true",
                "fs.s3a.connection.ssl.enabled", "false",
                "fs.s3a.access.key", "user",
                "fs.s3a.secret.key", "secret",
                "fs.s3a.audit.execution.interceptors", S3Faults.class.getName());
    }

    @Override
    int races() {
        return 16;
    }

    @Override
    Store open() {
        return new S3aStore(
                new org.apache.hadoop.fs.Path("s3a://bucket/tests/" + test), CLIENTS.get(opened++ % CLIENTS.size()));
    }

    @Override
    void close(Store open) {
        // The next test needs the client.
    }

    @Test
    void copiesInsideTheObjectStore() throws IOException {
        Store store = open();
        store.createIfAbsent("pool/a", new byte[1_000]);
        int before = S3Faults.copies.get();

        store.linkOrCopy("pool/a", "v1/a");

        assertThat(S3Faults.copies.get() - before).isEqualTo(1);
        assertThat(store.list("v1")).containsExactly(new Store.Entry("a", 1_000, false));
    }

    @Test
    void aCatalogIsVerifiedWhereItIs(@TempDir Path local) throws IOException {
        SmallSkyCatalog catalog = new SmallSkyCatalog(
                local, true, new CatalogExtras(Choice.TRUE, false, 1, List.of(), Skymaps.NONE, Choice.TRUE));
        catalog.publish(SmallSkyCatalog.rows().subList(0, 20), 1);
        String prefix = "s3a://bucket/catalogs/" + test;
        try (Store store = Stores.open(prefix, properties(server.getPort()));
                Stream<Path> files = Files.walk(local)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String path = local.relativize(file).toString();
                if (!path.startsWith("_skyroll/tmp/")) {
                    store.replace(path, Files.readAllBytes(file));
                }
            }
        }

        try (Store store = Stores.open(prefix + "/", properties(server.getPort()))) {
            Report report = Verification.of(store);

            assertThat(report.findings()).isEmpty();
            assertThat(report.checks())
                    .extracting(CheckResult::lookedAt)
                    .contains("20 rows in all leaves, hats_nrows 20");
        }
    }

    @Test
    void winnerKnowsItHasWonThoughItsAnswerWasLost() throws IOException {
        Store store = open();
        store.createIfAbsent("first", new byte[1]);
        S3Faults.loseAnswers.set(1);

        assertThat(store.createIfAbsent("versions/1", new byte[10])).isTrue();
        assertThat(S3Faults.loseAnswers).hasValue(0);
        assertThat(store.createIfAbsent("versions/1", new byte[10])).isFalse();
    }

    @Test
    void conflictIsNoDecisionAndIsRepeated() throws IOException {
        // The first two answers are for the probe of conditional writes.
        Deque<Integer> answers = new ArrayDeque<>(List.of(200, 412, 409, 409, 200));
        HttpServer stub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        stub.createContext("/", exchange -> {
            boolean put = exchange.getRequestMethod().equals("PUT");
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("ETag", "\"1\"");
            exchange.sendResponseHeaders(put ? answers.remove() : 200, -1);
            exchange.close();
        });
        stub.start();
        try (Store store =
                Stores.open("s3a://bucket/a", properties(stub.getAddress().getPort()))) {
            assertThat(store.createIfAbsent("versions/1", new byte[10])).isTrue();
            assertThat(answers).isEmpty();
        } finally {
            stub.stop(0);
        }
    }

    @Test
    void refusesAStoreThatIgnoresConditions() throws IOException {
        Store store = open();
        try {
            S3Faults.ignoreConditions = true;

            assertThatThrownBy(() -> store.createIfAbsent("versions/1", new byte[10]))
                    .isInstanceOf(IOException.class)
                    .hasMessageContaining("ignores If-None-Match");
            assertThat(store.read("versions/1")).isEmpty();
        } finally {
            S3Faults.ignoreConditions = false;
        }
    }

    @Test
    void anAbsentBucketIsAnErrorAndNotAnAbsentObject() {
        assertThatThrownBy(() -> {
                    try (Store store = Stores.open("s3a://nobucket/a", properties(server.getPort()))) {
                        store.read("b");
                    }
                })
                .isInstanceOf(IOException.class)
                .hasMessageContaining("nobucket");
    }
}
