package io.skyroll.streams.tally;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.sky.SkyPartitions;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TallyTest {
    private static final SkyPartitions SKY = new SkyPartitions(0, 2);

    @Test
    void knowsNothingAtFirst() {
        Tally tally = Tally.decode(new Tally(SKY).encode(), SKY);

        assertThat(tally.rowsIn()).isZero();
        assertThat(tally.last()).isEmpty();
        assertThat(tally.rejects()).isEmpty();
        assertThat(tally.isVoid(Position.ORIGIN)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void comesBackFromItsBinaryForm(long seed) {
        Random random = new Random(seed);
        SkyPartitions sky = new SkyPartitions(random.nextInt(6), 1 + random.nextInt(12));
        Position position = new Position(random.nextInt(), random.nextLong(), random.nextLong());
        Tally tally = new Tally(sky);
        tally.startAfter(Control.reset(position, 1, "system", Instant.EPOCH));
        tally.addRowsIn(random.nextLong());
        for (int partition = 0; partition < sky.partitions(); partition++) {
            tally.addRows(partition, random.nextLong() >>> random.nextInt(64));
        }
        tally.addReject("größe");
        tally.addReject("größe");
        tally.addReject("");
        tally.addHeld(3);
        tally.addHeld(-1);
        if (random.nextBoolean()) {
            tally.stop("größer");
        }

        Tally back = Tally.decode(tally.encode(), sky);

        assertThat(back.encode()).as("seed %d", seed).isEqualTo(tally.encode());
        assertThat(back.rowsIn()).isEqualTo(tally.rowsIn());
        for (int partition = 0; partition < sky.partitions(); partition++) {
            assertThat(back.rows(partition)).isEqualTo(tally.rows(partition));
        }
        assertThat(back.rejects()).isEqualTo(Map.of("größe", 2L, "", 1L));
        assertThat(back.held()).isEqualTo(2);
        assertThat(back.stopped()).isEqualTo(tally.stopped());
        assertThat(back.last()).contains(position);
        assertThat(back.isVoid(position)).isFalse();
        assertThat(back.isVoid(Position.ORIGIN)).isTrue();
    }

    @Test
    void doesNotTakeACutForAReset() {
        Tally tally = new Tally(SKY);
        tally.startAfter(Control.cut(new Position(1, 2, 3), Optional.empty(), 0, 1, "system", Instant.EPOCH));

        assertThat(tally.isVoid(new Position(1, 2, 2))).isFalse();
        assertThat(tally.last()).contains(new Position(1, 2, 3));
    }

    @Test
    void hasTheseBytes() {
        Tally tally = new Tally(SKY);
        tally.startAfter(Control.reset(new Position(1, 2, 3), 1, "system", Instant.EPOCH));
        tally.addRowsIn(4);
        tally.addRows(1, 3);
        tally.addReject("a");

        String position = "00000001" + "0000000000000002" + "0000000000000003";
        assertThat(HexFormat.of().formatHex(tally.encode()))
                .isEqualTo("02" + "0004" + "0006" + "08" + position + "01" + position + "02" + "0261" + "02" + "00"
                        + "00");
        tally.addHeld(1);
        tally.stop("b");
        assertThat(HexFormat.of().formatHex(tally.encode())).endsWith("0261" + "02" + "02" + "01" + "0262");
    }

    @Test
    void readsTheFormThatHadNoUpdatesHeld() {
        Tally tally = new Tally(SKY);
        tally.addReject("a");
        byte[] former = Arrays.copyOf(tally.encode(), tally.encode().length - 2);
        former[0] = 1;

        assertThat(Tally.decode(former, SKY).encode()).isEqualTo(tally.encode());
    }

    @Test
    void aResetLetsATableGoOn() {
        Tally tally = new Tally(SKY);
        tally.addHeld(1);
        tally.stop("why");
        tally.startAfter(Control.cut(new Position(1, 2, 3), Optional.empty(), 0, 1, "system", Instant.EPOCH));
        assertThat(tally.stopped()).contains("why");
        tally.startAfter(Control.reset(new Position(1, 3, 3), 1, "system", Instant.EPOCH));

        assertThat(tally.stopped()).isEmpty();
        assertThat(tally.held()).isZero();
    }

    @Test
    void refusesAnUnknownForm() {
        assertThatThrownBy(() -> Tally.decode(new byte[] {3}, SKY))
                .hasMessage(
                        "stored counts have the form 3, this version of Skyroll knows 2: use the version that wrote them, or replay");
    }
}
