package io.skyroll.schemas.row;

import java.util.Locale;
import java.util.Optional;
import org.apache.avro.Schema;
import org.jspecify.annotations.Nullable;

/** What changes of a table tell of the old row. It stands in the Avro schema of the table's rows, so that whoever reads them knows. */
public enum Identity {
    /** The whole row: the header {@code before} has it, so that its place on the sky can be told. */
    FULL,
    /** The key alone: who needs the old place must remember it. */
    KEY;

    private static final String PROPERTY = "skyroll.identity";

    /** Marks the schema of rows whose changes follow. */
    public Schema mark(Schema rows) {
        rows.addProp(PROPERTY, name().toLowerCase(Locale.ROOT));
        return rows;
    }

    /** What the schema of rows says; empty when no changes follow. */
    public static Optional<Identity> of(Schema rows) {
        @Nullable String marked = rows.getProp(PROPERTY);
        return marked == null ? Optional.empty() : Optional.of(valueOf(marked.toUpperCase(Locale.ROOT)));
    }
}
