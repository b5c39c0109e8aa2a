package io.skyroll.schemas.topic;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What a record says: the value of the header {@code op}. */
public enum Op {
    /** A row (or a batch of rows) of a snapshot. */
    SNAPSHOT("r"),
    INSERT("c"),
    UPDATE("u"),
    DELETE("d"),
    /** Everything up to the record's position has been written before it. */
    CUT("cut"),
    /** Everything before the record's position is void. */
    RESET("reset");

    private final String code;
    private final byte[] bytes;

    Op(String code) {
        this.code = code;
        this.bytes = code.getBytes(StandardCharsets.UTF_8);
    }

    /** The header's value; shared, not to be changed by callers. */
    byte[] bytes() {
        return bytes;
    }

    static Op of(byte[] value) {
        for (Op op : values()) {
            if (Arrays.equals(op.bytes, value)) {
                return op;
            }
        }
        throw new IllegalArgumentException(
                "header op must be one of r, c, u, d, cut, reset: '%s'".formatted(new String(value, StandardCharsets.UTF_8)));
    }

    public String code() {
        return code;
    }

    /** Whether a record with this code is a control record and not a row. */
    public boolean isControl() {
        return this == CUT || this == RESET;
    }
}
