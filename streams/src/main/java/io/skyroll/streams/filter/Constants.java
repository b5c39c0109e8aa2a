package io.skyroll.streams.filter;

import java.math.BigDecimal;
import org.apache.calcite.sql.SqlLiteral;
import org.apache.calcite.sql.SqlNumericLiteral;
import org.apache.calcite.sql.SqlUnknownLiteral;
import org.apache.calcite.sql.type.SqlTypeName;
import org.apache.calcite.util.NlsString;
import org.jspecify.annotations.Nullable;

/** Gives the parser's literals the types that PostgreSQL gives them. */
final class Constants {
    private Constants() {}

    /**
     * Makes an expression of a literal.
     *
     * @return null if the literal is of a kind that filters do not have
     */
    static @Nullable Expression typed(SqlLiteral literal, Source source) {
        if (literal instanceof SqlUnknownLiteral tagged) {
            return tagged(tagged);
        }
        if (literal instanceof SqlNumericLiteral && literal.getValue() instanceof BigDecimal number) {
            boolean isInteger = literal.getTypeName() == SqlTypeName.DECIMAL
                    && number.scale() == 0
                    && source.slice(literal.getParserPosition()).indexOf('.') < 0;
            return isInteger ? integer(number) : Literal.exact(Input.checked(number));
        }
        if (literal.getTypeName() == SqlTypeName.NULL) {
            return Literal.untyped(null);
        }
        if (literal.getValue() instanceof Boolean truth) {
            return Literal.truth(Code.truth(truth));
        }
        if (literal.getValue() instanceof NlsString string && string.getCharsetName() == null) {
            return Literal.untyped(string.getValue());
        }
        return null;
    }

    private static @Nullable Expression tagged(SqlUnknownLiteral literal) {
        String text = literal.getValue();
        return switch (literal.tag) {
            case "DATE" -> Input.parse(text, Type.DATE);
            case "TIMESTAMP" -> Input.parse(text, Type.TIMESTAMP);
            case "TIMESTAMP WITH TIME ZONE" -> Input.parse(text, Type.TIMESTAMPTZ);
            default -> null;
        };
    }

    /** The first of integer, bigint and numeric that holds the number, its sign included. */
    private static Expression integer(BigDecimal number) {
        if (number.unscaledValue().bitLength() >= Long.SIZE) {
            return Literal.exact(number);
        }
        long value = number.longValue();
        return Literal.whole(Type.INT4.holds(value) ? Type.INT4 : Type.INT8, value);
    }
}
