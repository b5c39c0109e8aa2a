package io.skyroll.producers.postgres;

import io.skyroll.producers.postgres.FieldDecoder.Outcome;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/** What decoders did to values that they could not carry as they are: counts of conversions, and why the last value was refused. Owned by one thread. */
public final class Conversions {
    private final Map<Conversion, Long> row = new EnumMap<>(Conversion.class);
    private final Map<Conversion, Long> kept = new EnumMap<>(Conversion.class);
    private String refusal = "";

    void count(Conversion conversion) {
        row.merge(conversion, 1L, Long::sum);
    }

    /** Notes why a value is refused. */
    Outcome refuse(String why) {
        refusal = why;
        return Outcome.REFUSED;
    }

    /** Why the last refused value cannot be represented. */
    String refusal() {
        return refusal;
    }

    /** The row is written: what was done to its values counts. */
    public void keepRow() {
        if (!row.isEmpty()) {
            row.forEach((conversion, count) -> kept.merge(conversion, count, Long::sum));
            row.clear();
        }
    }

    /** The row is not written: what was done to its values does not count. */
    public void dropRow() {
        row.clear();
    }

    /** Forgets all rows. */
    public void clear() {
        row.clear();
        kept.clear();
    }

    /** How many values of written rows were converted; conversions that did not happen are absent. */
    public Map<Conversion, Long> counts() {
        return Collections.unmodifiableMap(kept);
    }
}
