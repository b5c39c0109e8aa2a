package io.skyroll.sinks.publish;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.deser.std.StdScalarDeserializer;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.ser.std.StdScalarSerializer;
import com.fasterxml.jackson.datatype.jdk8.Jdk8Module;
import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.position.Position;
import java.io.IOException;
import java.io.Serial;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.function.Function;

/** The form of the chain's objects: JSON with a line's end. What is missing in one is an error, what is unknown is passed over. */
final class ChainJson {
    private static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new Jdk8Module())
            .addModule(new SimpleModule()
                    .addSerializer(new AsText<>(Position.class, Position::toString))
                    .addSerializer(new AsText<>(Instant.class, Instant::toString))
                    .addSerializer(new AsText<>(Pixel.class, ChainJson::text))
                    .addDeserializer(Position.class, new FromText<>(Position.class, Position::parse))
                    .addDeserializer(Instant.class, new FromText<>(Instant.class, Instant::parse))
                    .addDeserializer(Pixel.class, new FromText<>(Pixel.class, ChainJson::pixel)))
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_CREATOR_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private ChainJson() {}

    /** The bytes of an object of the chain. */
    static byte[] encode(Object content) throws JsonProcessingException {
        return (JSON.writeValueAsString(content) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    /**
     * An object of the chain.
     *
     * @throws JsonProcessingException when the bytes are none of that type
     */
    static <T> T decode(byte[] content, Class<T> type) throws IOException {
        if (type != Manifest.class) {
            return JSON.readValue(content, type);
        }
        JsonNode read = JSON.readValue(content, JsonNode.class);
        if (read instanceof ObjectNode manifest && !manifest.has("work")) {
            // Manifests did not have it at first.
            manifest.putNull("work");
        }
        return JSON.treeToValue(read, type);
    }

    /** A pixel as {@code order/npix}. */
    private static String text(Pixel pixel) {
        return pixel.order() + "/" + pixel.npix();
    }

    private static Pixel pixel(String text) {
        int slash = text.indexOf('/');
        return new Pixel(Integer.parseInt(text.substring(0, slash)), Long.parseLong(text.substring(slash + 1)));
    }

    private static final class AsText<T> extends StdScalarSerializer<T> {
        @Serial
        private static final long serialVersionUID = 1L;

        private final transient Function<T, String> text;

        AsText(Class<T> type, Function<T, String> text) {
            super(type);
            this.text = text;
        }

        @Override
        public void serialize(T value, JsonGenerator target, SerializerProvider provider) throws IOException {
            target.writeString(text.apply(value));
        }
    }

    private static final class FromText<T> extends StdScalarDeserializer<T> {
        @Serial
        private static final long serialVersionUID = 1L;

        private final transient Function<String, T> parse;

        FromText(Class<T> type, Function<String, T> parse) {
            super(type);
            this.parse = parse;
        }

        @Override
        public T deserialize(JsonParser source, DeserializationContext context) throws IOException {
            return parse.apply(source.getText());
        }
    }
}
