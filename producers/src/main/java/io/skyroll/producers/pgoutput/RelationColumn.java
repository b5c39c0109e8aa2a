package io.skyroll.producers.pgoutput;

import io.skyroll.producers.postgres.SeenColumn;
import io.skyroll.producers.postgres.SourceColumn;
import java.util.List;
import java.util.Optional;

/**
 * A column as PostgreSQL's plugin describes it, which says all that it takes to read its values.
 *
 * @param name what it was called
 * @param type its type's object identifier, unsigned
 * @param modifier its type modifier, -1 for none
 */
record RelationColumn(String name, long type, int modifier) implements SeenColumn {

    @Override
    public boolean isExact() {
        return true;
    }

    @Override
    public boolean is(Described described) {
        SourceColumn column = described.column();
        return name.equals(column.name()) && type == column.type() && modifier == column.modifier();
    }

    @Override
    public Optional<SourceColumn> describe(int number, List<Described> known) {
        List<SourceColumn> columns = known.stream().map(Described::column).toList();
        int dimensions = columns.stream()
                .filter(column -> column.type() == type)
                .mapToInt(SourceColumn::dimensions)
                .findFirst()
                .orElse(0);
        boolean notNull = columns.stream().anyMatch(SourceColumn::notNull);
        return Optional.of(new SourceColumn(name, type, modifier, dimensions, notNull, number));
    }
}
