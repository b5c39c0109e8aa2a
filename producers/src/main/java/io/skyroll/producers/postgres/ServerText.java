package io.skyroll.producers.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.postgresql.util.PGBinaryObject;
import org.postgresql.util.PGobject;

/**
 * Has the server write values as text whose binary form only it knows: those of columns that are read as text. It takes a round trip per
 * value. Owned by one thread.
 */
public final class ServerText {
    private final Session session;
    private final SourceRows rows;

    /** @param session the caller's */
    public ServerText(Session session, SourceRows rows) {
        this.session = session;
        this.rows = rows;
    }

    /** Whether a column's values are read as text. */
    public boolean isText(int column) {
        return rows.text(column).isPresent();
    }

    /** The text of a value, in UTF-8. */
    public byte[] of(int column, byte[] bytes, int start, int length) throws SQLException {
        Optional<PgType> found = rows.text(column);
        PgType type = found.orElseThrow(() -> new IllegalArgumentException("column %d is not text".formatted(column)));
        if (length == 0) {
            // As that of xml: an empty text. The driver would send null.
            return new byte[0];
        }
        session.sendInBinary((int) type.oid());
        List<String> text = session.rows(
                "SELECT " + type.textOf("?"),
                row -> row.getString(1),
                new Value(type, Arrays.copyOfRange(bytes, start, start + length)));
        return text.get(0).getBytes(StandardCharsets.UTF_8);
    }

    /** A value in the binary form of its type. */
    private static final class Value extends PGobject implements PGBinaryObject {
        private static final long serialVersionUID = 1;

        private final byte[] content;

        Value(PgType type, byte[] content) {
            this.content = content;
            setType("%s.%s".formatted(Relation.quote(type.schema()), Relation.quote(type.name())));
        }

        /** It has no text yet, which the driver would take for null. */
        @Override
        public boolean isNull() {
            return false;
        }

        @Override
        public void setByteValue(byte[] value, int offset) {
            throw new UnsupportedOperationException("it is only sent");
        }

        @Override
        public int lengthInBytes() {
            return content.length;
        }

        @Override
        public void toBytes(byte[] target, int offset) {
            System.arraycopy(content, 0, target, offset, content.length);
        }
    }
}
