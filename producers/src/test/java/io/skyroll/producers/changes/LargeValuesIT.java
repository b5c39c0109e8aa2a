package io.skyroll.producers.changes;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.producers.postgres.TableRequest;
import io.skyroll.producers.snapshot.LiveStack;
import io.skyroll.producers.snapshot.LiveStack.Database;
import io.skyroll.producers.snapshot.TableReading;
import io.skyroll.schemas.row.LargeValues;
import io.skyroll.schemas.topic.TableName;
import io.skyroll.schemas.wire.AvroCursor;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** PostgreSQL says which rows have values out of line: of each of these, {@link LargeValues} has to say that it may. */
final class LargeValuesIT {
    private static final int ROWS = 1500;

    @Test
    void noRowWithAValueOutOfLineIsTakenForASmallOne() throws Exception {
        Database database = LiveStack.shared().newDatabase("large_values");
        database.execute(
                """
                CREATE TABLE mixed (id int PRIMARY KEY, flag bool, small int2, ra float8, seen timestamptz, tag uuid, label name, place point,
                    txt text, code varchar(900), padded char(30), raw bytea, amount numeric, spectrum int8[], words text[], doc jsonb, pair xml)""",
                "ALTER TABLE mixed ALTER txt SET STORAGE external, ALTER raw SET STORAGE external, ALTER spectrum SET STORAGE external, ALTER doc SET STORAGE external, ALTER padded SET STORAGE external",
                """
                INSERT INTO mixed SELECT i, true, 1, 1.5, now(), gen_random_uuid(), 'label', point(1, 2),
                    (SELECT string_agg(md5((i * k)::text), '') FROM generate_series(1, (a * 150)::int) k),
                    left(md5(i::text), (b * 32)::int), 'padded',
                    decode(repeat(md5(i::text), (c * 150)::int), 'hex'),
                    (SELECT string_agg((1 + i * k %% 9)::text, '')::numeric FROM generate_series(1, 1 + (d * 1500)::int) k),
                    (SELECT array_agg(k) FROM generate_series(1, (e * 400)::int) k),
                    (SELECT array_agg(left(md5(k::text), 3)) FROM generate_series(1, (f * 300)::int) k),
                    (SELECT jsonb_agg(k) FROM generate_series(1, (g * 300)::int) k),
                    CASE i %% 9 WHEN 0 THEN xmlelement(name a, md5(i::text)) END
                FROM (SELECT i, random() ^ 3 a, random() b, random() ^ 3 c, random() ^ 5 d, random() ^ 5 e, random() ^ 5 f, random() ^ 5 g
                    FROM generate_series(1, %d) i) sizes"""
                        .formatted(ROWS));
        String outOfLine = Stream.of("txt", "code", "padded", "raw", "amount", "spectrum", "words", "doc", "pair")
                .map("pg_column_toast_chunk_id(%s) IS NOT NULL"::formatted)
                .collect(Collectors.joining(" OR "));
        Set<String> large = database.query("SELECT id FROM mixed WHERE " + outOfLine).stream()
                .map(row -> row.get(0))
                .collect(Collectors.toSet());

        Set<String> found = new HashSet<>();
        TableName name = new TableName("large", "public", "mixed");
        try (TableReading reading =
                TableReading.open(database, TableRequest.table(name).follow())) {
            LargeValues values = new LargeValues(reading.table().rows());
            AvroCursor cursor = new AvroCursor();
            reading.forEach((bytes, start, end) -> {
                if (values.mayBeIn(bytes, start, end)) {
                    found.add(Integer.toString(cursor.at(bytes, start).readInt()));
                }
            });
        }

        assertThat(large).hasSizeGreaterThan(ROWS / 20).hasSizeLessThan(ROWS);
        assertThat(found).containsAll(large).hasSizeLessThan(ROWS);
    }
}
