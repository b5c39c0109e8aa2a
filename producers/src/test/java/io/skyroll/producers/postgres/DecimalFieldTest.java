package io.skyroll.producers.postgres;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.schemas.wire.AvroBuffer;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DecimalFieldTest {
    private static final BigInteger BASE = BigInteger.valueOf(10_000);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void writesEveryDecimalAsBigIntegerDoes(long seed) {
        Random random = new Random(seed);
        for (int i = 0; i < 20_000; i++) {
            int precision = 1 + random.nextInt(38);
            int scale = random.nextInt(precision + 1);
            BigInteger unscaled = randomUnscaled(random, precision);
            BigDecimal value = new BigDecimal(unscaled, scale);
            AvroBuffer target = new AvroBuffer(4);

            boolean written = DecimalField.write(numeric(value), 0, precision, scale, target);

            byte[] bytes = unscaled.toByteArray();
            AvroBuffer expected = new AvroBuffer(4);
            expected.writeWithLength(bytes, 0, bytes.length);
            String what = "seed %d: %s as numeric(%d,%d)".formatted(seed, value, precision, scale);
            assertThat(written).as(what).isTrue();
            assertThat(target.toBytes()).as(what).isEqualTo(expected.toBytes());
            assertThat(DecimalField.text(numeric(value), 0)).as(what).isEqualTo(value.toPlainString());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "100, 2, 0",
        "99999, 4, 0",
        "-1000, 3, 0",
        "0.001, 5, 2",
        "0.00001, 10, 2",
        "123.456, 10, 2",
        "1, 2, 2",
        "340282366920938463463374607431768211456, 38, 0",
        "1e60, 38, 0",
        "1e-60, 38, 38"
    })
    void refusesWhatThePrecisionOrScaleDoesNotHoldExactly(BigDecimal value, int precision, int scale) {
        AvroBuffer target = new AvroBuffer(4);

        assertThat(DecimalField.write(numeric(value), 0, precision, scale, target))
                .isFalse();
        assertThat(target.size()).isZero();
    }

    @Test
    void theOracleWritesWhatPostgresWrites() {
        // From copy-vectors-pg15.tsv, but for the sign.
        assertThat(numeric(new BigDecimal("-12345.678")))
                .isEqualTo(java.util.HexFormat.of().parseHex("00030001400000030001" + "09291a7c"));
    }

    private static BigInteger randomUnscaled(Random random, int precision) {
        BigInteger limit = BigInteger.TEN.pow(precision);
        BigInteger value =
                switch (random.nextInt(4)) {
                    case 0 -> limit.subtract(BigInteger.ONE);
                    case 1 -> BigInteger.TEN.pow(random.nextInt(precision));
                    case 2 -> BigInteger.valueOf(random.nextInt(300));
                    default -> new BigInteger(limit.bitLength() + 8, random);
                };
        value = value.mod(limit);
        return random.nextBoolean() ? value.negate() : value;
    }

    /** PostgreSQL's binary form, from the documentation of numeric's digits rather than from the code under test. */
    private static byte[] numeric(BigDecimal value) {
        int fractionGroups = (Math.max(0, value.scale()) + 3) / 4;
        BigInteger scaled = value.abs().movePointRight(fractionGroups * 4).toBigIntegerExact();
        List<Integer> groups = new ArrayList<>();
        for (BigInteger rest = scaled; rest.signum() > 0; rest = rest.divide(BASE)) {
            groups.add(rest.mod(BASE).intValueExact());
        }
        Collections.reverse(groups);
        int weight = groups.size() - fractionGroups - 1;
        while (!groups.isEmpty() && groups.get(groups.size() - 1) == 0) {
            groups.remove(groups.size() - 1);
        }
        ByteBuffer field = ByteBuffer.allocate(8 + 2 * groups.size());
        field.putShort((short) groups.size());
        field.putShort((short) (groups.isEmpty() ? 0 : weight));
        field.putShort((short) (value.signum() < 0 ? 0x4000 : 0));
        field.putShort((short) Math.max(0, value.scale()));
        groups.forEach(group -> field.putShort(group.shortValue()));
        return field.array();
    }
}
