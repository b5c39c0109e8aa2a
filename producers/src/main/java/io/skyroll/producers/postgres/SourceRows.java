package io.skyroll.producers.postgres;

import io.skyroll.schemas.row.RowSchema;
import java.util.List;

/** The form of a source's rows, and how the server is asked for them. Immutable, usable by any thread. */
public final class SourceRows {
    private final RowSchema schema;
    private final List<String> expressions;
    private final List<FieldDecoder> decoders;

    /**
     * The rows' form.
     *
     * @param expressions what COPY is asked for, one per column
     * @param decoders of what it gives, one per column
     */
    SourceRows(RowSchema schema, List<String> expressions, List<FieldDecoder> decoders) {
        this.schema = schema;
        this.expressions = List.copyOf(expressions);
        this.decoders = List.copyOf(decoders);
    }

    public RowSchema schema() {
        return schema;
    }

    /** What stands between SELECT and FROM. */
    public String selectList() {
        return String.join(", ", expressions);
    }

    /** Encodes whole rows. */
    public RowEncoder rowEncoder() {
        return RowEncoder.ofRow(schema, decoders);
    }

    /** Encodes only the columns of the primary key. */
    public RowEncoder keyEncoder() {
        return RowEncoder.ofKey(schema, decoders);
    }
}
