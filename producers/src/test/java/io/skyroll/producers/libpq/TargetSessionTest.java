package io.skyroll.producers.libpq;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TargetSessionTest {

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "any, true, true, ''",
                "prefer-standby, false, false, ''",
                "read-write, false, false, ''",
                "read-write, false, true, session is read-only",
                "read-write, true, true, session is read-only",
                "read-only, false, true, ''",
                "read-only, false, false, session is not read-only",
                "primary, false, true, ''",
                "primary, true, true, server is in hot standby mode",
                "standby, true, true, ''",
                "standby, false, true, server is not in hot standby mode",
            })
    void saysWhyAServerWillNotDo(String keyword, boolean inRecovery, boolean readOnly, String reason) {
        assertThat(TargetSession.parse(keyword).refusal(inRecovery, readOnly).orElse(""))
                .isEqualTo(reason);
    }

    @Test
    void prefersStandbysByWalkingTwice() {
        assertThat(TargetSession.PREFER_STANDBY.walks()).containsExactly(TargetSession.STANDBY, TargetSession.ANY);
        assertThat(TargetSession.READ_ONLY.walks()).containsExactly(TargetSession.READ_ONLY);
    }

    @ParameterizedTest
    @CsvSource({"x", "''", "READ-WRITE", "read_write"})
    void unknownKeywordsAreRefused(String keyword) {
        assertThatThrownBy(() -> TargetSession.parse(keyword))
                .hasMessage("invalid target_session_attrs value: \"%s\"".formatted(keyword));
    }
}
