package io.skyroll.producers.postgres;

import io.skyroll.schemas.row.ColumnOrigins;
import io.skyroll.schemas.row.Identity;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.topic.TableName;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.avro.Schema;

/**
 * A table, view or query as the database describes it.
 *
 * @param request what was asked for
 * @param source the form of its rows, in the table's order, with its primary key
 * @param partitioned whether its rows are held by the leaves of a partition tree
 * @param relations what holds its rows, at least one unless it is partitioned; for a view or query, only what to call it
 * @param identity what its changes would tell of old rows; empty when that identifies none
 * @param whole for a view or query, what stands behind FROM
 * @param notes what a person should know about how the table is read
 */
public record SourceTable(
        TableRequest request,
        SourceRows source,
        boolean partitioned,
        List<Relation> relations,
        Optional<Identity> identity,
        Optional<String> whole,
        List<String> notes) {

    public SourceTable {
        relations = List.copyOf(relations);
        notes = List.copyOf(notes);
    }

    public TableName name() {
        return request.name();
    }

    /** Whether its rows have no place in storage that they could be read by in parts: those of views and queries. */
    public boolean isWhole() {
        return whole.isPresent();
    }

    /** The columns of its rows and its primary key. */
    public RowSchema rows() {
        return source.schema();
    }

    /**
     * The Avro schema of its rows. That of followed rows says what changes tell of old ones, and which columns they have.
     *
     * @param defaults what earlier rows have in columns that they did not know, as {@link ColumnOrigins} has it
     */
    public Schema avro(Map<Integer, byte[]> defaults) {
        Schema rows = rows().toAvro();
        if (!request.followed()) {
            return rows;
        }
        identity.ifPresent(known -> known.mark(rows));
        return new ColumnOrigins(numbers(), defaults).mark(rows);
    }

    /** The number of each column. */
    List<Integer> numbers() {
        return source.columns().stream().map(SourceColumn::number).toList();
    }

    /** The table with another form of its rows. */
    SourceTable with(SourceRows form) {
        return new SourceTable(request, form, partitioned, relations, identity, whole, notes);
    }

    /** The planner's estimate of the number of rows. */
    public long estimatedRows() {
        return relations.stream().mapToLong(Relation::estimatedRows).sum();
    }

    /** The table's name in SQL; for a partitioned table that of its root. */
    public String sql() {
        return name().sql();
    }

    /** Whether the other one reads the same rows in the same form; estimates may differ. */
    public boolean isReadLike(SourceTable other) {
        return rows().equals(other.rows()) && oids().equals(other.oids());
    }

    /** Whether the log has old rows as a whole, as the server says now. */
    public boolean hasWholeOldRows(Session session) throws SQLException {
        return TableCatalog.identity(session, relations)
                .filter(Identity.FULL::equals)
                .isPresent();
    }

    /** What the rows of each of its relations are stored as, by the relation's object identifier. */
    public Map<Long, Long> storage() {
        return relations.stream().collect(Collectors.toUnmodifiableMap(Relation::oid, Relation::storage));
    }

    private List<Long> oids() {
        return relations.stream().map(Relation::oid).sorted().toList();
    }
}
