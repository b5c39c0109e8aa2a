package io.skyroll.sinks.hats;

import java.util.Arrays;
import java.util.Locale;

/** What the rows of a catalog are. */
public enum DataProduct {
    /** Things in the sky, one row each. */
    OBJECT,
    /** Detections or measurements, any number per thing. */
    SOURCE,
    /** Copies of rows near the borders of another catalog's pixels. */
    MARGIN;

    /** The value of {@code dataproduct_type}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The product of a {@code dataproduct_type}.
     *
     * @throws IllegalArgumentException for types that Skyroll does not make
     */
    public static DataProduct parse(String label) {
        return Arrays.stream(values())
                .filter(product -> product.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "dataproduct_type must be object, source or margin: '%s'".formatted(label)));
    }
}
