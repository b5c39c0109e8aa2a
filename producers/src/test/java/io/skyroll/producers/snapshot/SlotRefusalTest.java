package io.skyroll.producers.snapshot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlotRefusalTest {

    @Test
    void saysHowToMakeTheLogLogical() {
        assertThatThrownBy(() -> SlotRefusal.checkServer("replica", false))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("needs wal_level = logical; the server has wal_level = replica")
                .hasMessageContaining("ALTER SYSTEM SET wal_level = logical")
                .hasMessageContaining("restart");
    }

    @Test
    void refusesAStandby() {
        assertThatThrownBy(() -> SlotRefusal.checkServer("logical", true))
                .hasMessageContaining("connect to its primary");
    }

    @Test
    void acceptsAPrimaryWithALogicalLog() {
        assertThatCode(() -> SlotRefusal.checkServer("logical", false)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({
        "42501, ALTER ROLE ... REPLICATION",
        "28000, pg_hba.conf",
        "53400, max_replication_slots",
        "53300, max_wal_senders"
    })
    void saysWhatToDoAboutEachRefusal(String state, String advice) {
        SkyrollException explained = SlotRefusal.explain(new SQLException("no", state));

        assertThat(explained.kind()).isEqualTo(FailureKind.CONFIGURATION);
        assertThat(explained).hasMessageContaining(advice).hasMessageContaining("PostgreSQL refused it: no");
    }

    @Test
    void callsAnUnknownFailureUnavailable() {
        assertThat(SlotRefusal.explain(new SQLException("gone", "08006")).kind())
                .isEqualTo(FailureKind.UNAVAILABLE);
    }
}
