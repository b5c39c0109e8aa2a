package io.skyroll.schemas;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.TableName;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TableNameTest {

    @Test
    void topicsArePipelineSchemaTableAndKind() {
        TableName stars = new TableName("night", "public", "Stars_2");

        assertThat(stars.rowsTopic()).isEqualTo("night.public.Stars_2.rows");
        assertThat(stars.skyTopic()).isEqualTo("night.public.Stars_2.sky");
        assertThat(stars.rejectsTopic()).isEqualTo("night.public.Stars_2.rejects");
        assertThat(TableName.progressTopic("night")).isEqualTo("night.progress");
    }

    @Test
    void hostileNamesGiveDifferentLegalTopics() {
        String[] hostile = {"a.b", "a-2eb", "a b", "a_b", "ab", "AB", "ä", "a\u0308", "-", "--", "$", "a/b", "名"};
        Set<String> topics = new HashSet<>();
        for (String schema : hostile) {
            for (String table : hostile) {
                String topic = new TableName("p", schema, table).rowsTopic();
                assertThat(topic).matches("[A-Za-z0-9._-]+");
                topics.add(topic);
            }
        }
        assertThat(topics).hasSize(hostile.length * hostile.length);
    }

    @Test
    void namesThatKafkaWouldRefuseAreRefusedAtStart() {
        assertThatThrownBy(() -> new TableName("p", "s", "t".repeat(240)))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "table s.%s: its topic names would have 252 characters, Kafka allows 249; shorten the pipeline's name",
                        "t".repeat(240));
    }
}
