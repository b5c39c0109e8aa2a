package io.skyroll.schemas.row;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RowHashTest {

    /** Made with python-xxhash, which wraps the reference implementation. */
    @ParameterizedTest
    @CsvSource({
        "'', ef46db3751d8e999",
        "a, d24ec4f1a98c6e5b",
        "abc, 44bc2cf5ad770999",
        "Nobody inspects the spammish repetition, fbcea83c8a378bf1"
    })
    void isXxh64(String text, String hash) {
        byte[] bytes = ("<<" + text + ">").getBytes(StandardCharsets.UTF_8);

        assertThat(Long.toHexString(RowHash.of(bytes, 2, bytes.length - 1))).isEqualTo(hash);
    }

    @Test
    void combinedHashesDependOnTheirOrder() {
        assertThat(RowHash.combine(RowHash.combine(0, 1), 2)).isNotEqualTo(RowHash.combine(RowHash.combine(0, 2), 1));
        assertThat(RowHash.combine(0, 0)).isNotZero();
    }
}
