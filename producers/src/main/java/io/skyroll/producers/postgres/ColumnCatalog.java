package io.skyroll.producers.postgres;

import io.skyroll.producers.postgres.TypeResolver.ColumnForm;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.topic.TableName;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Finds the form in which columns are read. Owned by the session's thread. */
final class ColumnCatalog {
    /** The column that the catalog's leaves get from the sky. */
    private static final String HEALPIX_COLUMN = "_healpix_29";

    private final Session session;
    private final List<String> problems;

    /** @param problems added to */
    ColumnCatalog(Session session, List<String> problems) {
        this.session = session;
        this.problems = problems;
    }

    /**
     * The form of rows of a view or query, whose key is what the request says.
     *
     * @return empty when there are problems
     */
    Optional<SourceRows> rowsWithKey(TableRequest request, List<SourceColumn> sources) throws SQLException {
        String called = request.name().qualified();
        int before = problems.size();
        List<String> names = new ArrayList<>();
        List<SourceColumn> columns = new ArrayList<>();
        for (SourceColumn source : sources) {
            if (names.contains(source.name())) {
                problems.add("%s: two columns are called \"%s\"; give one another name with AS"
                        .formatted(called, source.name()));
            }
            names.add(source.name());
            boolean isKey = request.key().contains(source.name());
            columns.add(
                    new SourceColumn(source.name(), source.type(), source.modifier(), source.dimensions(), isKey, 0));
        }
        for (String key : request.key()) {
            if (!names.contains(key)) {
                problems.add("%s: there is no key column \"%s\"; the columns are %s".formatted(called, key, names));
            }
        }
        return problems.size() > before ? Optional.empty() : rows(request, columns, request.key());
    }

    /**
     * The form of rows with some columns.
     *
     * @param key names of the columns that identify a row, in key order
     * @return empty when there are problems
     */
    Optional<SourceRows> rows(TableRequest request, List<SourceColumn> sources, List<String> key) throws SQLException {
        TableName name = request.name();
        int before = problems.size();
        if (sources.isEmpty()) {
            problems.add("%s: it has no columns".formatted(name.qualified()));
            return Optional.empty();
        }
        Map<Long, PgType> types = TypeCatalog.load(
                session, sources.stream().map(SourceColumn::type).toList());
        int moneyScale = TypeCatalog.moneyScale(session, types);
        TypeResolver ofKeys = new TypeResolver(types, request.types().ofKeys(), moneyScale);
        TypeResolver ofOthers = new TypeResolver(types, request.types(), moneyScale);
        List<Column> columns = new ArrayList<>();
        List<ColumnForm> forms = new ArrayList<>();
        for (SourceColumn source : sources) {
            if (source.name().equals(HEALPIX_COLUMN)) {
                problems.add("%s: column \"%s\" has the name of the column that Skyroll adds; rename it"
                        .formatted(name.qualified(), source.name()));
            }
            TypeResolver resolver = key.contains(source.name()) ? ofKeys : ofOthers;
            resolve(name, resolver, source).ifPresent(form -> {
                // The log does not tell when a column stops to be NOT NULL.
                boolean isNullable = !source.notNull()
                        || form.form().becomesNull()
                        || (request.followed() && !key.contains(source.name()));
                columns.add(new Column(source.name(), form.form().type(), isNullable));
                forms.add(form);
            });
        }
        if (problems.size() > before) {
            return Optional.empty();
        }
        return schema(name, columns, key).map(schema -> new SourceRows(schema, sources, forms));
    }

    private Optional<ColumnForm> resolve(TableName name, TypeResolver resolver, SourceColumn source) {
        try {
            return Optional.of(resolver.resolve(source.type(), source.modifier(), source.dimensions()));
        } catch (SkyrollException refused) {
            problems.add("%s: column \"%s\": %s".formatted(name.qualified(), source.name(), refused.getMessage()));
            return Optional.empty();
        }
    }

    private Optional<RowSchema> schema(TableName name, List<Column> columns, List<String> key) {
        try {
            return Optional.of(new RowSchema(RowSchema.recordName(name.schema(), name.table()), columns, key));
        } catch (SkyrollException collision) {
            problems.add(collision.getMessage());
            return Optional.empty();
        }
    }
}
