package io.skyroll.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.streams.row.FilterSettings;
import io.skyroll.streams.row.SkyColumns;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.errors.StreamsException;
import org.junit.jupiter.api.Test;

class SkyStreamSettingsTest {

    @Test
    void namesTheApplicationAfterTableAndGeneration() {
        assertThat(Stars.settings().applicationId()).isEqualTo("sky.public.stars.sky");
        assertThat(with(Map.of(), Optional.of("g2")).applicationId()).isEqualTo("sky.public.stars.sky.g2");
    }

    @Test
    void turnsOnWhatExactlyOnceNeeds() {
        Properties properties = StreamsProperties.of(with(
                Map.of("replication.factor", 3, "producer.linger.ms", 5, "security.protocol", "SSL"),
                Optional.empty()));

        assertThat(properties)
                .containsEntry("application.id", "sky.public.stars.sky")
                .containsEntry("bootstrap.servers", "localhost:1")
                .containsEntry("processing.guarantee", "exactly_once_v2")
                .containsEntry("commit.interval.ms", 100L)
                .containsEntry("buffered.records.per.partition", 32)
                .containsEntry("topology.optimization", "none")
                .containsEntry("producer.max.request.size", 56 << 20)
                .containsEntry("producer.linger.ms", 5)
                .containsEntry("replication.factor", 3)
                .containsEntry("security.protocol", "SSL");
        assertThatCode(() -> new StreamsConfig(properties)).doesNotThrowAnyException();
        assertThat(StreamsProperties.of(Stars.settings())).containsEntry("replication.factor", -1);
    }

    @Test
    void refusesPropertiesThatItsGuaranteesRestOn() {
        refused(() -> with(Map.of("processing.guarantee", "at_least_once", "producer.acks", "1"), Optional.empty()))
                .hasMessage(
                        "kafka.properties may not set [processing.guarantee, producer.acks]: Skyroll's guarantees rest on them");
    }

    @Test
    void refusesWrongFiltersAndNames() {
        refused(() -> Stars.settings(new FilterSettings("a", "true"), new FilterSettings("a", "false")))
                .hasMessage("two filters have the name 'a'");
        refused(() -> new FilterSettings("sky.null", "true")).hasMessageContaining("'sky.null'");
        refused(() -> new FilterSettings(" ", "true")).hasMessageContaining("must not be empty");
        refused(() -> with(Map.of(), Optional.of("a.b")))
                .hasMessage("generation must consist of letters, digits, _ and -: 'a.b'");
        refused(() -> Stars.settings(new SkyPartitions(0, 1), 0))
                .hasMessage("number of partitions of the rows topic must be at least 1: 0");
    }

    @Test
    void refusesATableWhoseChangelogTopicWouldHaveTooLongAName() {
        TableName longest = new TableName("p", "s", "t".repeat(230));

        refused(() -> settings(longest, Map.of(), Optional.empty())).hasMessageContaining("Kafka allows 249");
    }

    @Test
    void checksASchemaWithoutRunning() {
        SkyStreamSettings settings = Stars.settings(new FilterSettings("bright", "mag < 20"));
        Column id = new Column("id", ColumnType.INT64, false);
        Column ra = new Column("ra", ColumnType.FLOAT64, true);
        Column mag = new Column("mag", ColumnType.FLOAT32, true);

        assertThatCode(() -> SkyStream.check(settings, Stars.SCHEMA)).doesNotThrowAnyException();
        refused(() -> SkyStream.check(settings, new RowSchema("a.b", List.of(id, ra, mag), List.of("id"))))
                .hasMessage("a.b has no column 'dec' for declination; it has [id, ra, mag]");
        Column text = new Column("dec", ColumnType.STRING, true);
        refused(() -> SkyStream.check(settings, new RowSchema("a.b", List.of(id, ra, text, mag), List.of("id"))))
                .hasMessage(
                        "a.b: the column 'dec' for declination has the type string; it must be a number, in degrees");
        Column dec = new Column("dec", ColumnType.FLOAT64, true);
        refused(() -> SkyStream.check(settings, new RowSchema("a.b", List.of(id, ra, dec), List.of("id"))))
                .hasMessageContaining("mag");
    }

    @Test
    void saysWhoMustActOnAFailure() {
        SkyrollException ours = SkyrollException.defect("ours");
        TimeoutException late = new TimeoutException("late");

        assertThat(StreamFailure.of(Stars.TABLE, new StreamsException("wrapped", ours)))
                .isSameAs(ours);
        assertThat(StreamFailure.of(Stars.TABLE, new StreamsException("wrapped", late)))
                .hasMessageContaining("the stream of table public.stars has stopped: ")
                .hasMessageContaining("late")
                .extracting(SkyrollException::kind)
                .isEqualTo(FailureKind.UNAVAILABLE);
        assertThat(StreamFailure.of(Stars.TABLE, new SaslAuthenticationException("who?"))
                        .kind())
                .isEqualTo(FailureKind.CONFIGURATION);
        assertThat(StreamFailure.of(Stars.TABLE, new IndexOutOfBoundsException("torn"))
                        .kind())
                .isEqualTo(FailureKind.DEFECT);
    }

    private static org.assertj.core.api.AbstractThrowableAssert<?, ? extends Throwable> refused(
            org.assertj.core.api.ThrowableAssert.ThrowingCallable call) {
        return assertThatThrownBy(call)
                .isInstanceOfSatisfying(SkyrollException.class, refusal -> assertThat(refusal.kind())
                        .isEqualTo(FailureKind.CONFIGURATION));
    }

    private static SkyStreamSettings with(Map<String, Object> clientProperties, Optional<String> generation) {
        return settings(Stars.TABLE, clientProperties, generation);
    }

    private static SkyStreamSettings settings(
            TableName table, Map<String, Object> clientProperties, Optional<String> generation) {
        return new SkyStreamSettings(
                table,
                "localhost:1",
                clientProperties,
                Path.of("target", "state"),
                1,
                Duration.ofMillis(100),
                Optional.of(new SkyColumns("ra", "dec")),
                List.of(),
                new SkyPartitions(0, 3),
                2,
                false,
                generation);
    }
}
