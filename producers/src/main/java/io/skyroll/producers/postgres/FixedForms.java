package io.skyroll.producers.postgres;

import io.skyroll.producers.postgres.TypeResolver.Form;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** The forms of PostgreSQL's own types that no modifier and no policy changes. */
final class FixedForms {
    /** An interval; months, days and microseconds are not convertible into each other. */
    static final ColumnType INTERVAL = ColumnType.record(Stream.of(
                    new Column("months", ColumnType.INT32, false),
                    new Column("days", ColumnType.INT32, false),
                    new Column("micros", ColumnType.INT64, false))
            .toList());

    /** By object identifier; those below 10000 are fixed in PostgreSQL's pg_type.dat. */
    private static final Map<Long, Form> FORMS = Map.ofEntries(
            Map.entry(16L, Form.of(ColumnType.BOOLEAN, ScalarField.BOOLEAN)),
            Map.entry(21L, Form.of(ColumnType.INT16, ScalarField.INT16)),
            Map.entry(23L, Form.of(ColumnType.INT32, ScalarField.INT32)),
            Map.entry(20L, Form.of(ColumnType.INT64, ScalarField.INT64)),
            Map.entry(26L, Form.of(ColumnType.INT64, ScalarField.UNSIGNED32)),
            Map.entry(28L, Form.of(ColumnType.INT64, ScalarField.UNSIGNED32)),
            Map.entry(29L, Form.of(ColumnType.INT64, ScalarField.UNSIGNED32)),
            Map.entry(5069L, Form.of(ColumnType.INT64, ScalarField.UNSIGNED64)),
            Map.entry(700L, Form.of(ColumnType.FLOAT32, ScalarField.FLOAT32)),
            Map.entry(701L, Form.of(ColumnType.FLOAT64, ScalarField.FLOAT64)),
            Map.entry(25L, Form.of(ColumnType.STRING, ScalarField.CONTENT)),
            Map.entry(1043L, Form.of(ColumnType.STRING, ScalarField.CONTENT)),
            Map.entry(1042L, Form.text("bpchar")),
            Map.entry(19L, Form.text("name")),
            Map.entry(18L, Form.of(ColumnType.textForm("\"char\""), ScalarField.SINGLE_BYTE)),
            Map.entry(17L, Form.of(ColumnType.BYTES, ScalarField.CONTENT)),
            Map.entry(2950L, Form.of(ColumnType.UUID, ScalarField.UUID)),
            Map.entry(114L, Form.of(ColumnType.JSON, ScalarField.CONTENT)),
            Map.entry(3802L, Form.of(ColumnType.JSON, ScalarField.JSONB)),
            Map.entry(600L, floats("x", "y")),
            Map.entry(601L, floats("x1", "y1", "x2", "y2")),
            Map.entry(603L, floats("high_x", "high_y", "low_x", "low_y")),
            Map.entry(628L, floats("a", "b", "c")),
            Map.entry(718L, floats("x", "y", "radius")));

    private FixedForms() {}

    /** The form of a type; empty when it is one that is read as text. */
    static Optional<Form> of(long oid) {
        return Optional.ofNullable(FORMS.get(oid));
    }

    private static Form floats(String... names) {
        return Form.of(
                ColumnType.record(Stream.of(names)
                        .map(name -> new Column(name, ColumnType.FLOAT64, false))
                        .toList()),
                ScalarField.FLOATS);
    }
}
