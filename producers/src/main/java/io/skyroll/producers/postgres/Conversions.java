package io.skyroll.producers.postgres;

import io.skyroll.producers.postgres.FieldDecoder.Outcome;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;

/** What decoders did to values that they could not carry as they are: counts of conversions, and why the last value was refused. Owned by one thread. */
public final class Conversions {
    private static final Conversion[] ALL = Conversion.values();

    private final long[] row = new long[ALL.length];
    private final long[] kept = new long[ALL.length];
    private boolean rowIsTouched;
    private String refusal = "";

    void count(Conversion conversion) {
        row[conversion.ordinal()]++;
        rowIsTouched = true;
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
        if (rowIsTouched) {
            for (int i = 0; i < kept.length; i++) {
                kept[i] += row[i];
            }
            dropRow();
        }
    }

    /** The row is not written: what was done to its values does not count. */
    public void dropRow() {
        Arrays.fill(row, 0);
        rowIsTouched = false;
    }

    /** Forgets all rows. */
    public void clear() {
        dropRow();
        Arrays.fill(kept, 0);
    }

    /** How many values of written rows were converted; conversions that did not happen are absent. */
    public Map<Conversion, Long> counts() {
        Map<Conversion, Long> counts = new EnumMap<>(Conversion.class);
        for (Conversion conversion : ALL) {
            if (kept[conversion.ordinal()] > 0) {
                counts.put(conversion, kept[conversion.ordinal()]);
            }
        }
        return counts;
    }
}
