package io.skyroll.streams.filter;

/** The relations between two values that a comparison asks for. */
enum Relation {
    LESS("<", 0b001),
    LESS_OR_EQUAL("<=", 0b011),
    EQUAL("=", 0b010),
    NOT_EQUAL("<>", 0b101),
    GREATER_OR_EQUAL(">=", 0b110),
    GREATER(">", 0b100);

    private final String symbol;
    private final int outcomes;

    Relation(String symbol, int outcomes) {
        this.symbol = symbol;
        this.outcomes = outcomes;
    }

    String symbol() {
        return symbol;
    }

    boolean isOrdering() {
        return this != EQUAL && this != NOT_EQUAL;
    }

    /** Whether it holds, as a truth value. */
    int holds(int comparison) {
        return (outcomes >> (comparison + 1)) & 1;
    }

    /** The relation when the sides change places. */
    Relation mirrored() {
        return switch (this) {
            case LESS -> GREATER;
            case LESS_OR_EQUAL -> GREATER_OR_EQUAL;
            case GREATER_OR_EQUAL -> LESS_OR_EQUAL;
            case GREATER -> LESS;
            case EQUAL, NOT_EQUAL -> this;
        };
    }
}
