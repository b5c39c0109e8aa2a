package io.skyroll.producers.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.producers.publish.ChangeProgress.TableChanges;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.TableName;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChangeProgressTest {
    private static final ChangeProgress PROGRESS = new ChangeProgress(
            "slot",
            "42",
            new Position(1, 0x16B3748, 3),
            Instant.parse("1970-01-01T00:00:01Z"),
            List.of(new TableChanges(
                    new TableName("sky", "public", "stars"),
                    7,
                    new Position(1, 0x16B3700, 0),
                    List.of(1L, 2L),
                    Map.of(16384L, 16390L),
                    Optional.of("why"))));

    @Test
    void theKeyKeepsItsBytes() {
        assertThat(HexFormat.of().formatHex(SnapshotProgress.encodeKey(7, "", "", ChangeProgress.CHUNK)))
                .isEqualTo("0000000007" + "00" + "00" + "03");
    }

    @Test
    void valuesKeepTheirBytes() {
        assertThat(HexFormat.of().formatHex(PROGRESS.encode(7)))
                .isEqualTo("0000000007"
                        + "08736c6f74" // slot
                        + "043432" // system
                        + "00000001" + "00000000016b3748" + "0000000000000003" // position
                        + "80897a" // time
                        + "02" // tables: one
                        + "0c7075626c6963" + "0a7374617273" // schema and table
                        + "0e" // schema's id
                        + "00000001" + "00000000016b3700" + "0000000000000000" // last control record
                        + "04" + "02" + "04" + "00" // rows
                        + "02" + "0a3136333834" + "8c8002" + "00" // storage
                        + "02" + "06776879" // stopped
                        + "00"); // no more tables
    }

    @Test
    void decodesWhatItEncoded() {
        assertThat(ChangeProgress.decode(PROGRESS.encode(7), ChangeProgress.SCHEMA, "sky"))
                .isEqualTo(PROGRESS);
    }
}
