package io.skyroll.producers.postgres;

import io.skyroll.schemas.row.ColumnType;
import java.util.Map;
import java.util.Optional;

/** Which PostgreSQL types this version carries, and as what. */
final class SourceTypes {
    /** What the error for any other type says. */
    static final String CARRIED =
            "bool, int2, int4, int8, float4, float8, text, varchar, date, timestamp, timestamptz, numeric(p,s) with p <= 38 and 0 <= s <= p";

    private static final int NUMERIC = 1700;
    private static final int MAX_PRECISION = 38;
    /** numeric's type modifier is stored with the size of a length word added. */
    private static final int MODIFIER_OFFSET = 4;

    /** By object identifier; those below 10000 are fixed in PostgreSQL's pg_type.dat. */
    private static final Map<Integer, ColumnType> FIXED = Map.ofEntries(
            Map.entry(16, ColumnType.BOOLEAN),
            Map.entry(21, ColumnType.INT16),
            Map.entry(23, ColumnType.INT32),
            Map.entry(20, ColumnType.INT64),
            Map.entry(700, ColumnType.FLOAT32),
            Map.entry(701, ColumnType.FLOAT64),
            Map.entry(25, ColumnType.STRING),
            Map.entry(1043, ColumnType.STRING),
            Map.entry(1082, ColumnType.DATE),
            Map.entry(1114, ColumnType.TIMESTAMP),
            Map.entry(1184, ColumnType.TIMESTAMP_UTC));

    private SourceTypes() {}

    /**
     * The type of a column.
     *
     * @param oid the type's object identifier, domains resolved
     * @param modifier the type modifier, -1 for none
     */
    static Optional<ColumnType> columnType(long oid, int modifier) {
        return oid == NUMERIC
                ? decimal(modifier)
                : oid > Integer.MAX_VALUE ? Optional.empty() : Optional.ofNullable(FIXED.get((int) oid));
    }

    private static Optional<ColumnType> decimal(int modifier) {
        if (modifier < MODIFIER_OFFSET) {
            return Optional.empty();
        }
        int packed = modifier - MODIFIER_OFFSET;
        int precision = packed >>> 16 & 0xFFFF;
        // An 11-bit two's complement number: PostgreSQL 15 and later allow negative scales.
        int scale = ((packed & 0x7FF) ^ 1024) - 1024;
        return precision <= MAX_PRECISION && scale >= 0 && scale <= precision
                ? Optional.of(ColumnType.decimal(precision, scale))
                : Optional.empty();
    }
}
