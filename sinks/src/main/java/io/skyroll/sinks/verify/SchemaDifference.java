package io.skyroll.sinks.verify;

import io.skyroll.sinks.published.TableFile;
import java.util.Optional;
import org.apache.parquet.schema.MessageType;

/** Finds in what the columns of two Parquet files differ: names, types, nullability, order. */
final class SchemaDifference {

    private SchemaDifference() {}

    /** The first difference in words; empty if there is none. */
    static Optional<String> of(MessageType expected, MessageType found) {
        for (int i = 0; i < Math.max(expected.getFieldCount(), found.getFieldCount()); i++) {
            String wanted = i < expected.getFieldCount() ? TableFile.text(expected.getType(i)) : "none";
            String given = i < found.getFieldCount() ? TableFile.text(found.getType(i)) : "none";
            if (!wanted.equals(given)) {
                return Optional.of("column %d must be '%s': '%s'".formatted(i, wanted, given));
            }
        }
        return Optional.empty();
    }
}
