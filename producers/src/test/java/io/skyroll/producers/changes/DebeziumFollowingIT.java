package io.skyroll.producers.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.producers.debezium.DebeziumReader;
import io.skyroll.producers.snapshot.LiveStack.Database;
import io.skyroll.producers.snapshot.TopicContent;
import io.skyroll.schemas.topic.Op;
import java.util.List;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Order(1)
final class DebeziumFollowingIT extends FollowingContract {
    @Override
    EngineOpener engines(Database database, String slot) {
        return DebeziumReader.opener(database, slot, "published");
    }

    /** Debezium puts something in place of such a value, for each type in another form; the others that can be large have that of text. */
    @ParameterizedTest
    @CsvSource({
        "bytea, 'decode(repeat(''0f'', 5000), ''hex'')'",
        "jsonb, '(''\"'' || repeat(''x'', 5000) || ''\"'')::jsonb'",
        "numeric, 'repeat(''12345'', 2000)::numeric'",
    })
    void noticesALargeValueThatWasNotSentWhateverItsType(String type, String value) throws Exception {
        followed()
                .execute(
                        "ALTER TABLE stars ADD large " + type,
                        "ALTER TABLE stars ALTER large SET STORAGE external",
                        "INSERT INTO stars VALUES (1, 'one', %s)".formatted(value));
        followed().catchUp();
        followed().execute("UPDATE stars SET name = 'eins'");
        followed().catchUp();

        assertThat(followed().content(followed().stars()).entries())
                .filteredOn(entry -> entry.op() == Op.UPDATE)
                .map(TopicContent.Entry::unsent)
                .containsExactly(List.of(3));
    }
}
