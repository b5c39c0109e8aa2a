package io.skyroll.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpServer;
import io.skyroll.local.EmbeddedRegistry;
import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.registry.RegistryClient;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.apache.avro.Schema;
import org.apache.avro.SchemaBuilder;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RegistryClientTest {

    @Test
    void sameSchemaHasOneIdUnderEverySubjectAndForEveryClient(@TempDir Path directory) {
        try (EmbeddedRegistry registry = EmbeddedRegistry.start(directory)) {
            RegistryClient one = new RegistryClient(registry.url());
            RegistryClient other = new RegistryClient(registry.url());

            int id = one.register("a.b-control", Control.SCHEMA);

            assertThat(one.register("a%2Fb c-control", Control.SCHEMA)).isEqualTo(id);
            assertThat(other.register("a.b-control", Control.SCHEMA)).isEqualTo(id);
            assertThat(other.schema(id)).isEqualTo(Control.SCHEMA);
        }
    }

    @Test
    void refusalSaysWhatTheServerSaid(@TempDir Path directory) {
        try (EmbeddedRegistry registry = EmbeddedRegistry.start(directory)) {
            RegistryClient client = new RegistryClient(registry.url());
            client.register(
                    "s", SchemaBuilder.record("r").fields().requiredInt("a").endRecord());
            Schema incompatible =
                    SchemaBuilder.record("r").fields().requiredString("a").endRecord();

            assertThatThrownBy(() -> client.register("s", incompatible))
                    .isInstanceOfSatisfying(SkyrollException.class, failure -> assertThat(failure.kind())
                            .isEqualTo(FailureKind.CONFIGURATION))
                    .hasMessageContaining("refused to register the schema of subject s: HTTP 409");
        }
    }

    @Test
    void userInTheAddressIsSentAsBasicAuthenticationAndNeverShown() throws IOException {
        List<String> authorizations = new ArrayList<>();
        HttpServer server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            authorizations.add(exchange.getRequestHeaders().getFirst("Authorization"));
            byte[] body = "{\"error_code\":40403,\"message\":\"Schema not found\"}".getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(404, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.start();
        try {
            URI url = URI.create(
                    "http://ann:secret@127.0.0.1:" + server.getAddress().getPort());

            assertThatThrownBy(() -> new RegistryClient(url).schema(7))
                    .isInstanceOf(SkyrollException.class)
                    .hasMessage("registry http://127.0.0.1:%d refused to read schema 7: HTTP 404: Schema not found"
                            .formatted(server.getAddress().getPort()));
            assertThat(authorizations).containsExactly("Basic YW5uOnNlY3JldA==");
        } finally {
            server.stop(0);
        }
    }
}
