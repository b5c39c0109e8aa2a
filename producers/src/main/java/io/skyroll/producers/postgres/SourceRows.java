package io.skyroll.producers.postgres;

import io.skyroll.producers.postgres.SeenColumn.Described;
import io.skyroll.producers.postgres.TypeResolver.ColumnForm;
import io.skyroll.schemas.row.RowSchema;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The form of a source's rows, and how the server is asked for them. Immutable, usable by any thread. */
public final class SourceRows {
    private final RowSchema schema;
    private final List<SourceColumn> columns;
    private final List<ValueType> types;
    private final List<Optional<PgType>> texts;
    private final List<FieldDecoder> decoders;

    /**
     * The rows' form.
     *
     * @param columns as the database describes them
     * @param forms how they are read, one per column
     */
    SourceRows(RowSchema schema, List<SourceColumn> columns, List<ColumnForm> forms) {
        this.schema = schema;
        this.columns = List.copyOf(columns);
        types = forms.stream().map(ColumnForm::type).toList();
        texts = forms.stream().map(ColumnForm::text).toList();
        decoders = forms.stream().map(form -> form.form().decoder()).toList();
    }

    public RowSchema schema() {
        return schema;
    }

    /** The columns as the database describes them, in the order of the schema's. */
    public List<SourceColumn> columns() {
        return columns;
    }

    /** The same columns, with what their values are. */
    List<Described> described() {
        return IntStream.range(0, columns.size())
                .mapToObj(column -> new Described(columns.get(column), types.get(column)))
                .toList();
    }

    /** What stands between SELECT and FROM. */
    public String selectList() {
        return IntStream.range(0, columns.size())
                .mapToObj(column -> {
                    String quoted = Relation.quote(columns.get(column).name());
                    return texts.get(column).map(type -> type.textOf(quoted)).orElse(quoted);
                })
                .collect(Collectors.joining(", "));
    }

    /** What a column's values are. */
    public ValueType type(int column) {
        return types.get(column);
    }

    /** A column's type if its values are read as text; else empty. */
    Optional<PgType> text(int column) {
        return texts.get(column);
    }

    /** Encodes whole rows. */
    public RowEncoder rowEncoder() {
        return RowEncoder.ofRow(schema, decoders);
    }

    /** Encodes only the columns of the primary key. */
    public RowEncoder keyEncoder() {
        return RowEncoder.ofKey(schema, decoders);
    }
}
