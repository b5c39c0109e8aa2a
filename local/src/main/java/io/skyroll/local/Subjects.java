package io.skyroll.local;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.avro.AvroRuntimeException;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/**
 * The registry's content and rules: schemas by id, versions by subject, compatibility levels.
 *
 * <p>Two schemas are the same when Avro prints them the same, whatever the white space and the order of attributes they came with.
 * Ids count from 1 and are never used twice. A change is in the journal before it is seen. Thread-safe: all of it is guarded by
 * this object.
 */
final class Subjects implements AutoCloseable {

    private static final String LATEST = "latest";

    /** The live versions of a subject, by number, and the last number ever given. */
    private static final class Subject {
        private final NavigableMap<Integer, Integer> idsByVersion = new TreeMap<>();
        private int lastVersion;
    }

    private final Journal<SchemaEntry> journal;

    private final NavigableMap<Integer, Schema> schemas = new TreeMap<>();

    private final Map<String, Integer> idsByText = new HashMap<>();

    private final NavigableMap<String, Subject> subjects = new TreeMap<>();

    private final Map<String, Compatibility> levels = new HashMap<>();

    private Compatibility level = Compatibility.BACKWARD;

    private Subjects(Journal<SchemaEntry> journal) {
        this.journal = journal;
    }

    static Subjects open(Path path) {
        Subjects subjects = new Subjects(Journal.open(path, SchemaEntry.class));
        subjects.replay();
        return subjects;
    }

    private synchronized void replay() {
        journal.entries().forEach(this::apply);
    }

    /** The id of a schema, which becomes the subject's newest version unless it is one already. */
    synchronized int register(String name, String text) {
        Schema schema = parse(text);
        Integer known = idsByText.get(schema.toString());
        Subject subject = subjects.get(name);
        if (known != null && subject != null && subject.idsByVersion.containsValue(known)) {
            return known;
        }
        List<String> objections = level(name).orElse(level).objections(schema, live(name));
        if (!objections.isEmpty()) {
            throw new RegistryException(
                    409,
                    "Schema being registered is incompatible with an earlier schema for subject \"%s\", details: %s"
                            .formatted(name, objections));
        }
        int version = subject == null ? 1 : subject.lastVersion + 1;
        if (known != null) {
            change(new SchemaEntry.Registered(name, version, known, null));
            return known;
        }
        int id = schemas.isEmpty() ? 1 : schemas.lastKey() + 1;
        change(new SchemaEntry.Registered(name, version, id, schema.toString()));
        return id;
    }

    /** The version of a subject that a schema is. */
    synchronized SubjectVersion find(String name, String text) {
        Subject subject = existing(name);
        Integer id = idsByText.get(parse(text).toString());
        for (Map.Entry<Integer, Integer> version : subject.idsByVersion.entrySet()) {
            if (version.getValue().equals(id)) {
                return describe(name, version.getKey(), version.getValue());
            }
        }
        throw RegistryException.schemaNotFound();
    }

    /** @param version a number from 1, or {@code latest}, or its other name -1 */
    synchronized SubjectVersion version(String name, String version) {
        NavigableMap<Integer, Integer> live = existing(name).idsByVersion;
        int number = isLatest(version) ? live.lastKey() : versionNumber(version);
        Integer id = live.get(number);
        if (id == null) {
            throw RegistryException.versionNotFound(version);
        }
        return describe(name, number, id);
    }

    /** The text of a schema; deleted subjects do not take it away. */
    synchronized String schema(int id) {
        return stored(id).toString();
    }

    /** Where a schema is used. */
    synchronized List<SubjectVersion> uses(int id) {
        schema(id);
        List<SubjectVersion> uses = new ArrayList<>();
        subjects.forEach((name, subject) -> subject.idsByVersion.forEach((version, used) -> {
            if (used == id) {
                uses.add(describe(name, version, id));
            }
        }));
        return uses;
    }

    synchronized List<String> names() {
        return subjects.entrySet().stream()
                .filter(entry -> !entry.getValue().idsByVersion.isEmpty())
                .map(Map.Entry::getKey)
                .toList();
    }

    synchronized List<Integer> versions(String name) {
        return List.copyOf(existing(name).idsByVersion.keySet());
    }

    /** Stops listing a subject's versions; answers which. */
    synchronized List<Integer> delete(String name) {
        if (isDeleted(name)) {
            throw new RegistryException(
                    40404, "Subject '%s' was soft deleted. Set permanent=true to delete permanently".formatted(name));
        }
        List<Integer> versions = versions(name);
        change(new SchemaEntry.Deleted(name));
        return versions;
    }

    /** Forgets a subject that was deleted before; answers the last version it had. */
    synchronized List<Integer> erase(String name) {
        Subject subject = subjects.get(name);
        if (subject == null) {
            throw RegistryException.subjectNotFound(name);
        }
        if (!subject.idsByVersion.isEmpty()) {
            throw new RegistryException(
                    40405, "Subject '%s' was not deleted first before being permanently deleted".formatted(name));
        }
        change(new SchemaEntry.Erased(name));
        return List.of(subject.lastVersion);
    }

    synchronized Compatibility level() {
        return level;
    }

    /** A subject's own level. */
    synchronized Optional<Compatibility> level(String name) {
        return Optional.ofNullable(levels.get(name));
    }

    /** Sets the level of one subject, or of all that have none of their own. */
    synchronized void configure(@Nullable String name, Compatibility newLevel) {
        change(new SchemaEntry.Configured(name, newLevel));
    }

    /** Takes a subject's own level away; answers what it was. */
    synchronized Compatibility unconfigure(String name) {
        Compatibility former = level(name).orElseThrow(() -> RegistryException.subjectNotFound(name));
        change(new SchemaEntry.Unconfigured(name));
        return former;
    }

    /** What stands against a schema as a subject's next version, by the subject's level. */
    synchronized List<String> objections(String name, String text) {
        return level(name).orElse(level).objections(parse(text), live(name));
    }

    /** What stands against a schema, by the subject's level, if {@code version} were the only one; a missing latest objects to nothing. */
    synchronized List<String> objections(String name, String version, String text) {
        Schema schema = parse(text);
        Subject subject = subjects.get(name);
        NavigableMap<Integer, Integer> live = subject == null ? new TreeMap<>() : subject.idsByVersion;
        if (isLatest(version) && live.isEmpty()) {
            return List.of();
        }
        Integer id = live.get(isLatest(version) ? live.lastKey() : versionNumber(version));
        if (id == null) {
            throw RegistryException.versionNotFound(version);
        }
        return level(name).orElse(level).objections(schema, List.of(stored(id)));
    }

    @Override
    public synchronized void close() {
        journal.close();
    }

    private void change(SchemaEntry entry) {
        journal.append(entry);
        apply(entry);
    }

    private void apply(SchemaEntry entry) {
        if (entry instanceof SchemaEntry.Registered registered) {
            if (registered.schema() != null) {
                schemas.put(registered.id(), parse(registered.schema()));
                idsByText.put(registered.schema(), registered.id());
            }
            Subject subject = subjects.computeIfAbsent(registered.subject(), name -> new Subject());
            subject.idsByVersion.put(registered.version(), registered.id());
            subject.lastVersion = registered.version();
        } else if (entry instanceof SchemaEntry.Deleted deleted) {
            existing(deleted.subject()).idsByVersion.clear();
        } else if (entry instanceof SchemaEntry.Erased erased) {
            subjects.remove(erased.subject());
            levels.remove(erased.subject());
        } else if (entry instanceof SchemaEntry.Unconfigured unconfigured) {
            levels.remove(unconfigured.subject());
        } else if (entry instanceof SchemaEntry.Configured configured) {
            if (configured.subject() == null) {
                level = configured.level();
            } else {
                levels.put(configured.subject(), configured.level());
            }
        }
    }

    private boolean isDeleted(String name) {
        Subject subject = subjects.get(name);
        return subject != null && subject.idsByVersion.isEmpty();
    }

    /** A subject that has versions. */
    private Subject existing(String name) {
        Subject subject = subjects.get(name);
        if (subject == null || subject.idsByVersion.isEmpty()) {
            throw RegistryException.subjectNotFound(name);
        }
        return subject;
    }

    /** A subject's schemas, oldest first; none where there is no such subject. */
    private List<Schema> live(String name) {
        Subject subject = subjects.get(name);
        return subject == null
                ? List.of()
                : subject.idsByVersion.values().stream().map(this::stored).toList();
    }

    private Schema stored(int id) {
        Schema schema = schemas.get(id);
        if (schema == null) {
            throw RegistryException.schemaNotFound();
        }
        return schema;
    }

    private SubjectVersion describe(String name, int version, int id) {
        return new SubjectVersion(name, version, id, stored(id).toString());
    }

    private static boolean isLatest(String version) {
        return version.equals(LATEST) || version.equals("-1");
    }

    private static int versionNumber(String text) {
        try {
            int version = Integer.parseInt(text);
            if (version > 0) {
                return version;
            }
        } catch (NumberFormatException e) {
            // Falls to the answer that all wrong versions get.
        }
        throw new RegistryException(
                42202,
                "The specified version '%s' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\""
                        .formatted(text));
    }

    private static Schema parse(String text) {
        try {
            return new Schema.Parser().parse(text);
        } catch (AvroRuntimeException e) {
            throw RegistryException.invalidSchema(String.valueOf(e.getMessage()));
        }
    }
}
