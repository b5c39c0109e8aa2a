package io.skyroll.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.schemas.topic.Op;
import io.skyroll.streams.row.FilterSettings;
import io.skyroll.streams.topology.TaskRun.Out;
import java.util.HexFormat;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

/** Holds the bytes of the sky topic: what sinks of any version must be able to read. */
class GoldenRecordsTest {
    private static final HexFormat HEX = HexFormat.of();

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Stars stars = new Stars(registry);
    private final TaskRun task = new TaskRun(Stars.settings(new FilterSettings("bright", "mag < 20")), registry, stars);

    @Test
    void aPieceOfABatchHasTheseBytes() {
        Out out = task.batch(Stars.P1, stars.star(1, 10, 80), stars.star(2, null, 0.0, 90.0, null))
                .get(1);

        assertThat(HEX.formatHex(out.value))
                .isEqualTo("0000000002014002020c737461722031020000000000002440020000000000005440020000284100");
        assertThat(hex(out.headers.toArray()))
                .isEqualTo(
                        "op=72 pos=0000000100000000000000640000000000000000 ts=0006475ef6574f35 healpix=03eb5ef39cf7ad38");
    }

    @Test
    void aSingleRowHasTheseBytes() {
        Out out = task.row(Op.SNAPSHOT, Stars.P1, stars.star(1, 10, 80)).get(0);

        assertThat(HEX.formatHex(out.key)).isEqualTo("000000000503eb5ef39cf7ad3802");
        assertThat(HEX.formatHex(out.value))
                .isEqualTo("000000000102020c7374617220310200000000000024400200000000000054400200002841");
    }

    @Test
    void aForwardedCutHasTheseBytes() {
        task.batch(Stars.P1, stars.star(1, 10, 80), stars.star(7, "faint", 1.0, 1.0, 21f));

        Out out = task.cut(Stars.P1, 2).get(0);

        assertThat(HEX.formatHex(out.value))
                .isEqualTo(
                        "00000000040000000001000000000000006400000000000000000002040402020c6272696768740200020c73797374656deabcbae5ded7a306");
        assertThat(hex(out.headers.toArray()))
                .isEqualTo("op=637574 pos=0000000100000000000000640000000000000000 ts=0006475ef6574f35");
    }

    private static String hex(Header[] headers) {
        StringBuilder text = new StringBuilder();
        for (Header header : headers) {
            text.append("%s=%s ".formatted(header.key(), HEX.formatHex(header.value())));
        }
        return text.toString().trim();
    }
}
