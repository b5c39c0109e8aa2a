package io.skyroll.producers.postgres;

import io.skyroll.producers.postgres.TypePolicies.OnInfinity;
import io.skyroll.producers.postgres.TypePolicies.OnTime24;
import io.skyroll.schemas.wire.AvroBuffer;
import java.time.LocalDate;
import java.time.temporal.ChronoUnit;

/** Dates, timestamps, times and intervals, which PostgreSQL counts from 2000-01-01 and Avro from 1970-01-01. */
sealed interface MomentField extends FieldDecoder {
    int EPOCH_DAYS = 10_957;
    long EPOCH_MICROS = 946_684_800_000_000L;
    LocalDate EPOCH = LocalDate.of(2000, 1, 1);

    /** Writes a date; false when it is infinite. */
    static boolean writeDate(int days, AvroBuffer target) {
        if (days == Integer.MIN_VALUE || days > Integer.MAX_VALUE - EPOCH_DAYS) {
            return false;
        }
        target.writeLong(days + EPOCH_DAYS);
        return true;
    }

    /** Writes a timestamp; false when it is infinite or too late. */
    static boolean writeTimestamp(long micros, AvroBuffer target) {
        // The last years that PostgreSQL knows, from 294247 on, are beyond 63 bits when counted from 1970.
        if (micros == Long.MIN_VALUE || micros > Long.MAX_VALUE - EPOCH_MICROS) {
            return false;
        }
        target.writeLong(micros + EPOCH_MICROS);
        return true;
    }

    private static boolean isConverted(OnInfinity policy, Conversions conversions) {
        if (policy != OnInfinity.REJECT) {
            conversions.count(Conversion.INFINITY);
        }
        return policy != OnInfinity.REJECT;
    }

    /** date: days. */
    record Date(OnInfinity infinity) implements MomentField {
        private static final int FIRST = (int) ChronoUnit.DAYS.between(EPOCH, LocalDate.of(-4713, 11, 24));
        private static final int LAST = (int) ChronoUnit.DAYS.between(EPOCH, LocalDate.of(5_874_897, 12, 31));

        @Override
        public Outcome decode(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions) {
            int days = BinaryFields.int32(fields, start);
            if (writeDate(days, target)) {
                return Outcome.WRITTEN;
            }
            if (!isConverted(infinity, conversions)) {
                return conversions.refuse("date '%s' cannot be represented".formatted(text(days)));
            }
            writeDate(days > 0 ? LAST : FIRST, target);
            return infinity == OnInfinity.NULL ? Outcome.NULL : Outcome.WRITTEN;
        }

        private static String text(int days) {
            return days == Integer.MAX_VALUE
                    ? "infinity"
                    : days == Integer.MIN_VALUE
                            ? "-infinity"
                            : EPOCH.plusDays(days).toString();
        }
    }

    /**
     * timestamp and timestamptz: microseconds.
     *
     * @param name the type in messages
     */
    record Timestamp(String name, OnInfinity infinity) implements MomentField {
        /** PostgreSQL's first; the last that fits is the last of 64 bits. */
        private static final long FIRST = ChronoUnit.MICROS.between(
                EPOCH.atStartOfDay(), LocalDate.of(-4713, 11, 24).atStartOfDay());

        @Override
        public Outcome decode(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions) {
            long micros = BinaryFields.int64(fields, start);
            if (writeTimestamp(micros, target)) {
                return Outcome.WRITTEN;
            }
            if (!isConverted(infinity, conversions)) {
                return conversions.refuse("%s '%s' cannot be represented".formatted(name, text(micros)));
            }
            writeTimestamp(micros > 0 ? Long.MAX_VALUE - EPOCH_MICROS : FIRST, target);
            return infinity == OnInfinity.NULL ? Outcome.NULL : Outcome.WRITTEN;
        }

        private static String text(long micros) {
            if (micros == Long.MAX_VALUE || micros == Long.MIN_VALUE) {
                return micros > 0 ? "infinity" : "-infinity";
            }
            return EPOCH.atStartOfDay().plus(micros, ChronoUnit.MICROS).toString();
        }
    }

    /** time: microseconds since midnight; 24:00:00 is one of PostgreSQL's. */
    record Time(OnTime24 time24) implements MomentField {
        private static final long DAY_MICROS = 86_400_000_000L;

        @Override
        public Outcome decode(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions) {
            long micros = BinaryFields.int64(fields, start);
            if (micros >= DAY_MICROS) {
                if (time24 == OnTime24.REJECT) {
                    return conversions.refuse("time '24:00:00' cannot be represented");
                }
                conversions.count(Conversion.TIME_24);
                micros = DAY_MICROS - 1;
            }
            target.writeLong(micros);
            return Outcome.WRITTEN;
        }
    }

    /** interval: microseconds, days and months; written in the order of months, days, microseconds. */
    record Interval(OnInfinity infinity) implements MomentField {

        @Override
        public Outcome decode(byte[] fields, int start, int length, AvroBuffer target, Conversions conversions) {
            long micros = BinaryFields.int64(fields, start);
            int days = BinaryFields.int32(fields, start + Long.BYTES);
            int months = BinaryFields.int32(fields, start + Long.BYTES + Integer.BYTES);
            // PostgreSQL 17 and later know infinite intervals.
            boolean isLast = micros == Long.MAX_VALUE && days == Integer.MAX_VALUE && months == Integer.MAX_VALUE;
            boolean isFirst = micros == Long.MIN_VALUE && days == Integer.MIN_VALUE && months == Integer.MIN_VALUE;
            if (isLast || isFirst) {
                if (!isConverted(infinity, conversions)) {
                    return conversions.refuse(
                            "interval '%s' cannot be represented".formatted(isLast ? "infinity" : "-infinity"));
                }
                micros += isLast ? -1 : 1;
            }
            target.writeLong(months);
            target.writeLong(days);
            target.writeLong(micros);
            return (isLast || isFirst) && infinity == OnInfinity.NULL ? Outcome.NULL : Outcome.WRITTEN;
        }
    }
}
