package io.skyroll.streams.filter;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ThresholdTest {
    private static final List<Long> VALUES = List.of(
            Long.MIN_VALUE, Long.MIN_VALUE + 1, -13L, -12L, -1L, 0L, 1L, 12L, 13L, Long.MAX_VALUE - 1, Long.MAX_VALUE);

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "12.5, 0",
        "-12.5, 0",
        "1.2, 1",
        "1.25, 1",
        "-1.25, 1",
        "0.0001, 3",
        "-0.0001, 3",
        "9223372036854775807, 0",
        "9223372036854775807.5, 0",
        "9223372036854775806.5, 0",
        "9223372036854775808, 0",
        "-9223372036854775808, 0",
        "-9223372036854775808.5, 0",
        "-9223372036854775809, 0",
        "922337203685477580.7, 1",
        "1e30, 0",
        "-1e30, 5"
    })
    void comparesAsDecimalsDo(BigDecimal constant, int scale) {
        Threshold threshold = Threshold.of(constant, scale);

        for (long value : VALUES) {
            assertThat(threshold.compare(value))
                    .as("%d", value)
                    .isEqualTo(BigDecimal.valueOf(value, scale).compareTo(constant));
        }
    }
}
