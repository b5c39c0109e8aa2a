package io.skyroll.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.Op;
import io.skyroll.streams.tally.Tally;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.TestInputTopic;
import org.apache.kafka.streams.TestOutputTopic;
import org.apache.kafka.streams.TopologyTestDriver;
import org.apache.kafka.streams.test.TestRecord;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SkyTopologyTest {
    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Stars stars = new Stars(registry);
    private final SkyStreamSettings settings = Stars.settings(new SkyPartitions(0, 3), 1);
    private final TopologyTestDriver driver = new TopologyTestDriver(
            SkyTopology.of(settings, registry, new StageMeter(), new StoppedPartitions()),
            StreamsProperties.of(settings));
    private final TestInputTopic<byte[], byte[]> rows =
            driver.createInputTopic(Stars.TABLE.rowsTopic(), new ByteArraySerializer(), new ByteArraySerializer());
    private final TestOutputTopic<byte[], byte[]> sky = output(Stars.TABLE.skyTopic());
    private final TestOutputTopic<byte[], byte[]> rejects = output(Stars.TABLE.rejectsTopic());

    @AfterEach
    void closeDriver() {
        driver.close();
    }

    @Test
    void writesPiecesAndCutsWithoutKeysToTheSkyTopic() {
        pipe(null, stars.batchValue(List.of(stars.star(1, 10, 80), stars.star(2, 10, -80))), Op.SNAPSHOT);
        pipe(null, stars.cutValue(Stars.P1, Optional.empty(), 2), Op.CUT);

        List<TestRecord<byte[], byte[]>> out = sky.readRecordsToList();
        assertThat(out).hasSize(5).allSatisfy(o -> assertThat(o.key()).isNull());
        assertThat(stars.batch(out.get(0).value())).containsExactly(stars.star(1, 10, 80));
        assertThat(stars.batch(out.get(1).value())).containsExactly(stars.star(2, 10, -80));
        assertThat(out.subList(2, 5))
                .extracting(o -> stars.control(o.value()))
                .extracting(Control::rows)
                .containsExactly(1L, 0L, 1L);
        assertThat(rejects.isEmpty()).isTrue();
    }

    @Test
    void writesSingleRowsWithTheirSkyKeys() {
        pipe(stars.keyValue(1), stars.rowValue(stars.star(1, 10, 80)), Op.SNAPSHOT);

        TestRecord<byte[], byte[]> out = sky.readRecord();
        assertThat(out.key()).hasSize(5 + 8 + 1);
        assertThat(out.value()).isEqualTo(stars.rowValue(stars.star(1, 10, 80)));
    }

    @Test
    void writesRejectsToTheRejectsTopic() {
        pipe(stars.keyValue(1), stars.rowValue(stars.star(1, 10, 91)), Op.SNAPSHOT);

        TestRecord<byte[], byte[]> reject = rejects.readRecord();
        assertThat(reject.key()).isEqualTo(stars.keyValue(1));
        assertThat(reject.value()).isEqualTo(stars.rowValue(stars.star(1, 10, 91)));
        assertThat(sky.isEmpty()).isTrue();
    }

    @Test
    void keepsTheCountsInTheStore() {
        pipe(null, stars.batchValue(List.of(stars.star(1, 10, 80))), Op.SNAPSHOT);

        byte[] kept = (byte[]) driver.getKeyValueStore(SkyTopology.STORE).get("tally");
        assertThat(Tally.decode(kept, settings.sky()).rowsIn()).isEqualTo(1);
    }

    @Test
    void passesAFailureOn() {
        assertThatThrownBy(() -> pipe(null, stars.cutValue(Stars.P1, Optional.empty(), 2), Op.CUT))
                .hasRootCauseInstanceOf(SkyrollException.class);
    }

    private void pipe(byte @Nullable [] key, byte[] value, Op op) {
        rows.pipeInput(new TestRecord<>(key, value, Stars.headers(op, Stars.P1)));
    }

    private TestOutputTopic<byte[], byte[]> output(String topic) {
        return driver.createOutputTopic(topic, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }
}
