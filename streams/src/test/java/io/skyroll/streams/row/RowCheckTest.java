package io.skyroll.streams.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.healpix.Healpix;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class RowCheckTest {
    private final AvroBuffer row = new AvroBuffer(64);

    @ParameterizedTest
    @EnumSource(
            value = ColumnType.Kind.class,
            names = {"INT16", "INT32", "INT64"})
    void placesRowsByIntegers(ColumnType.Kind kind) {
        row.writeLong(-200);
        row.writeLong(-89);

        assertThat(cell(ColumnType.of(kind))).isEqualTo(Healpix.pixel(29, -200, -89));
    }

    @Test
    void placesRowsByFloats() {
        row.writeFloatBits(Float.floatToIntBits(123.456f));
        row.writeFloatBits(Float.floatToIntBits(-0.1f));

        assertThat(cell(ColumnType.FLOAT32)).isEqualTo(Healpix.pixel(29, 123.456f, -0.1f));
    }

    @Test
    void placesRowsByDoubles() {
        doubles(719.25, 90);

        assertThat(cell(ColumnType.FLOAT64)).isEqualTo(Healpix.pixel(29, 359.25, 90));
    }

    /** Java's own decimal parser is the judge. */
    @Test
    void placesRowsByDecimals() {
        long seed = 42;
        Random random = new Random(seed);
        for (int i = 0; i < 2000; i++) {
            int scale = random.nextInt(36);
            ColumnType type = ColumnType.decimal(38, scale);
            BigDecimal ra = decimal(random, 359, scale);
            BigDecimal dec = decimal(random, 89, scale);
            row.clear();
            write(ra);
            write(dec);

            assertThat(cell(type))
                    .as("seed %d: %s %s", seed, ra, dec)
                    .isEqualTo(
                            Healpix.pixel(29, Double.parseDouble(ra.toString()), Double.parseDouble(dec.toString())));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "NaN, 0, sky.not_finite",
        "0, NaN, sky.not_finite",
        "-Infinity, 0, sky.not_finite",
        "0, Infinity, sky.not_finite",
        "0, 90.00000000000001, sky.dec_out_of_range",
        "0, -90.00000000000001, sky.dec_out_of_range",
        "1e300, 1e300, sky.dec_out_of_range"
    })
    void saysWhyARowHasNoPlace(double ra, double dec, String rule) {
        doubles(ra, dec);
        RowCheck check = check(ColumnType.FLOAT64, false);

        assertThat(check.cell(row.toBytes(), 0)).isEqualTo(RowCheck.REJECTED);
        assertThat(check.rule()).isEqualTo(rule);
        assertThat(check.error()).isNull();
        assertThat(check.end()).isEqualTo(16);
    }

    @Test
    void rejectsARowWithoutACoordinate() {
        RowCheck check = check(ColumnType.FLOAT64, true);
        row.writeByte(0);
        row.writeByte(0);

        assertThat(check.cell(row.toBytes(), 0)).isEqualTo(RowCheck.REJECTED);
        assertThat(check.rule()).isEqualTo(Rules.SKY_NULL);
    }

    @ParameterizedTest
    @EnumSource(
            value = ColumnType.Kind.class,
            names = {"BOOLEAN", "STRING", "DATE", "TIMESTAMP", "TIMESTAMP_UTC", "BYTES", "TIME", "UUID", "JSON"})
    void refusesColumnsThatAreNoNumbers(ColumnType.Kind kind) {
        assertThatThrownBy(() -> check(ColumnType.of(kind), false))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("must be a number, in degrees");
    }

    private long cell(ColumnType type) {
        RowCheck check = check(type, false);
        long cell = check.cell(row.toBytes(), 0);
        assertThat(check.end()).isEqualTo(row.size());
        return cell;
    }

    private static RowCheck check(ColumnType type, boolean nullable) {
        RowSchema schema = new RowSchema(
                "t", List.of(new Column("a", type, nullable), new Column("d", type, nullable)), List.of());
        return new RowCheck(schema, Optional.of(new SkyColumns("a", "d")), List.of());
    }

    private void doubles(double ra, double dec) {
        row.writeDoubleBits(Double.doubleToRawLongBits(ra));
        row.writeDoubleBits(Double.doubleToRawLongBits(dec));
    }

    private void write(BigDecimal value) {
        byte[] unscaled = value.unscaledValue().toByteArray();
        row.writeWithLength(unscaled, 0, unscaled.length);
    }

    private static BigDecimal decimal(Random random, int bound, int scale) {
        BigInteger range = BigInteger.TEN.pow(scale).multiply(BigInteger.valueOf(bound));
        BigInteger unscaled = new BigInteger(range.bitLength(), random).mod(range);
        return new BigDecimal(random.nextBoolean() ? unscaled : unscaled.negate(), scale);
    }
}
