package io.skyroll.producers.postgres;

import io.skyroll.producers.postgres.TypePolicies.OnNan;
import io.skyroll.schemas.wire.AvroBuffer;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;

/** The forms that numeric, and money, can be carried in. */
sealed interface NumericField extends FieldDecoder {

    /** Decimals with a declared number of digits. */
    record Decimal(int precision, int scale, OnNan nan) implements NumericField {

        @Override
        public Outcome decode(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions) {
            if (DecimalField.write(fields, start, precision, scale, target)) {
                return Outcome.WRITTEN;
            }
            if (nan == OnNan.NULL && !DecimalField.isFinite(fields, start)) {
                conversions.count(Conversion.NUMERIC_NAN);
                return Outcome.NULL;
            }
            return conversions.refuse("decimal(%d,%d) '%s' cannot be represented"
                    .formatted(precision, scale, DecimalField.text(fields, start)));
        }
    }

    /** Numerics as PostgreSQL writes them, NaN and infinities included. */
    record Text() implements NumericField {

        @Override
        public Outcome decode(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions) {
            byte[] text = DecimalField.text(fields, start).getBytes(StandardCharsets.US_ASCII);
            target.writeWithLength(text, 0, text.length);
            return Outcome.WRITTEN;
        }
    }

    /** Numerics as the nearest doubles; those beyond their range are refused. */
    record Nearest() implements NumericField {

        @Override
        public Outcome decode(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions) {
            String text = DecimalField.text(fields, start);
            double value = Double.parseDouble(text);
            if (DecimalField.isFinite(fields, start)) {
                BigDecimal exact = new BigDecimal(text);
                if (Double.isInfinite(value) || (value == 0 && exact.signum() != 0)) {
                    return conversions.refuse("double '%s' cannot be represented".formatted(text));
                }
                if (new BigDecimal(value).compareTo(exact) != 0) {
                    conversions.count(Conversion.UNBOUNDED_NUMERIC);
                }
            }
            target.writeDoubleBits(Double.doubleToLongBits(value));
            return Outcome.WRITTEN;
        }
    }

    /** money: 64 bits that count the smallest unit of the currency, which is what an unscaled decimal is. */
    record Money() implements NumericField {

        @Override
        public Outcome decode(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions) {
            DecimalField.writeUnscaled(BinaryFields.int64(fields, start), target);
            return Outcome.WRITTEN;
        }
    }
}
