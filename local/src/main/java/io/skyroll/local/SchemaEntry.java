package io.skyroll.local;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import org.jspecify.annotations.Nullable;

/** One change of the registry, as its journal keeps it. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "change")
@JsonSubTypes({
    @JsonSubTypes.Type(value = SchemaEntry.Registered.class, name = "registered"),
    @JsonSubTypes.Type(value = SchemaEntry.Deleted.class, name = "deleted"),
    @JsonSubTypes.Type(value = SchemaEntry.Erased.class, name = "erased"),
    @JsonSubTypes.Type(value = SchemaEntry.Configured.class, name = "configured"),
    @JsonSubTypes.Type(value = SchemaEntry.Unconfigured.class, name = "unconfigured"),
})
sealed interface SchemaEntry {

    /** A subject's new version; the text is there only where the id is new. */
    record Registered(String subject, int version, int id, @Nullable String schema) implements SchemaEntry {}

    /** The subject's versions are no longer listed; their numbers and ids stay taken. */
    record Deleted(String subject) implements SchemaEntry {}

    /** The subject is as if it had never been; the ids stay taken. */
    record Erased(String subject) implements SchemaEntry {}

    /** A compatibility level, of one subject or, without a subject, of all that have none of their own. */
    record Configured(@Nullable String subject, Compatibility level) implements SchemaEntry {}

    /** The subject has no level of its own any more. */
    record Unconfigured(String subject) implements SchemaEntry {}
}
