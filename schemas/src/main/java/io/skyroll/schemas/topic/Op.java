package io.skyroll.schemas.topic;

import java.nio.charset.StandardCharsets;

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

    Op(String code) {
        this.code = code;
    }

    /** The header's value. */
    byte[] bytes() {
        return code.getBytes(StandardCharsets.UTF_8);
    }

    static Op of(byte[] value) {
        String code = new String(value, StandardCharsets.UTF_8);
        for (Op op : values()) {
            if (op.code.equals(code)) {
                return op;
            }
        }
        throw new IllegalArgumentException("header op must be one of r, c, u, d, cut, reset: '%s'".formatted(code));
    }

    public String code() {
        return code;
    }

    /** Whether a record with this code is a control record and not a row. */
    public boolean isControl() {
        return this == CUT || this == RESET;
    }
}
