package io.skyroll.streams.topology;

import io.skyroll.schemas.registry.SchemaRegistry;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import org.apache.avro.Schema;

/** A registry that accepts everything, gives equal schemas one id, counting from 1, and remembers the subjects. Thread-safe. */
final class InMemoryRegistry implements SchemaRegistry {
    private final List<String> texts = new ArrayList<>();
    private final List<Schema> schemas = new ArrayList<>();
    private final Set<String> registrations = new ConcurrentSkipListSet<>();

    @Override
    public synchronized int register(String subject, Schema schema) {
        String text = schema.toString();
        if (!texts.contains(text)) {
            texts.add(text);
            schemas.add(new Schema.Parser().parse(text));
        }
        int id = texts.indexOf(text) + 1;
        registrations.add(subject + "=" + id);
        return id;
    }

    @Override
    public synchronized Schema schema(int id) {
        return schemas.get(id - 1);
    }

    /** Whether a schema was registered under a subject. */
    boolean has(String subject, int id) {
        return registrations.contains(subject + "=" + id);
    }
}
