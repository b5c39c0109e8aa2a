package io.skyroll.producers.postgres;

import io.skyroll.schemas.row.ColumnType;

/**
 * What becomes of values and types that have no form of their own downstream. A refused value makes its row a rejected one; every
 * other choice that changes values is counted as a {@link Conversion}.
 *
 * @param infinity infinite dates, timestamps and intervals, and timestamps after the year 294246
 * @param numericNan NaN and infinities of numerics in columns of decimals
 * @param unboundedNumeric what carries numerics that have no declared precision, or more than 38 digits: text, doubles or decimals,
 *     of which those hold no value that does not fit exactly
 * @param time24 the time 24:00:00
 * @param arrayShape arrays
 * @param arrayBounds arrays that do not count from 1
 * @param otherTypes base types that are not PostgreSQL's own
 * @param nested columns of rows within the row: arrays of composites and of others that are carried as records, and composites of arrays
 */
public record TypePolicies(
        OnInfinity infinity,
        OnNan numericNan,
        ColumnType unboundedNumeric,
        OnTime24 time24,
        ArrayShape arrayShape,
        OnArrayBounds arrayBounds,
        OtherTypes otherTypes,
        Nested nested) {

    /** Carries numerics as PostgreSQL writes them. */
    public static final ColumnType NUMERIC_TEXT = ColumnType.textForm("numeric");

    /** Nothing is lost: what cannot be carried exactly is refused. */
    public static final TypePolicies STRICT = new TypePolicies(
            OnInfinity.REJECT,
            OnNan.REJECT,
            NUMERIC_TEXT,
            OnTime24.REJECT,
            ArrayShape.REJECT,
            OnArrayBounds.REJECT,
            OtherTypes.TEXT,
            Nested.LIST_OF_STRUCTS);

    public TypePolicies {
        if (!unboundedNumeric.equals(NUMERIC_TEXT)
                && !unboundedNumeric.equals(ColumnType.FLOAT64)
                && unboundedNumeric.kind() != ColumnType.Kind.DECIMAL) {
            throw new IllegalArgumentException(
                    "numerics can be carried as text, double or decimal: %s".formatted(unboundedNumeric));
        }
    }

    /** For columns that identify rows: no two values may become one, and none may become null. */
    TypePolicies ofKeys() {
        boolean isRounded = unboundedNumeric.equals(ColumnType.FLOAT64);
        return new TypePolicies(
                STRICT.infinity,
                STRICT.numericNan,
                isRounded ? NUMERIC_TEXT : unboundedNumeric,
                STRICT.time24,
                arrayShape,
                STRICT.arrayBounds,
                otherTypes,
                nested);
    }

    /** What becomes of infinite moments and intervals. */
    public enum OnInfinity {
        REJECT,
        NULL,
        /** The last, or the first, value that both PostgreSQL and the column's type have. */
        SATURATE
    }

    /** What becomes of NaN, and infinities, in decimals. */
    public enum OnNan {
        REJECT,
        NULL
    }

    /** What becomes of 24:00:00. */
    public enum OnTime24 {
        REJECT,
        /** The last microsecond of the day. */
        SATURATE
    }

    /** How arrays are carried. */
    public enum ArrayShape {
        /** As lists; an array with another number of dimensions than declared is refused. */
        REJECT,
        /** As PostgreSQL writes them, all of them. */
        TEXT
    }

    /** What becomes of arrays that do not count from 1. */
    public enum OnArrayBounds {
        REJECT,
        /** They are carried as if they did. */
        DROP
    }

    /** How rows within a row are carried. */
    public enum Nested {
        /** As they are: arrays as lists, composites as records. */
        LIST_OF_STRUCTS,
        /** As records of lists of one length. What cannot be one is refused: an array with a null among its records, and arrays of unequal lengths. */
        STRUCT_OF_LISTS
    }

    /** How base types are carried that are not PostgreSQL's own. */
    public enum OtherTypes {
        TEXT,
        /** Tables with such a column are not read. */
        REFUSE
    }
}
