package io.skyroll.producers.snapshot;

import io.skyroll.producers.postgres.Relation;
import io.skyroll.producers.postgres.Session;
import io.skyroll.producers.postgres.SourceTable;
import io.skyroll.schemas.failure.SkyrollException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The chunks of all tables, in the order in which workers take them: the largest table first, so that the run does not end with
 * one worker reading it alone.
 *
 * @param chunks all chunks
 */
record ChunkPlan(List<Chunk> chunks) {

    /** That of a snapshot without rows. */
    static final ChunkPlan NOTHING = new ChunkPlan(List.of());

    ChunkPlan {
        chunks = List.copyOf(chunks);
    }

    /** Divides the tables, with sizes taken in a session that has joined the snapshot. */
    static ChunkPlan of(Session session, List<SourceTable> tables, int chunkBytes) throws SQLException {
        long blockBytes = Long.parseLong(session.text("SHOW block_size"));
        long step = Math.max(1, chunkBytes / blockBytes);
        List<Long> blocks = new ArrayList<>();
        List<List<Chunk>> byTable = new ArrayList<>();
        for (int table = 0; table < tables.size(); table++) {
            List<Chunk> chunks = new ArrayList<>();
            long sum = 0;
            if (tables.get(table).isWhole()) {
                // Nobody knows how long it takes, so it comes first.
                sum = Long.MAX_VALUE;
                chunks.add(new Chunk(table, 0, tables.get(table).relations().get(0), 0, Chunk.OPEN));
            }
            for (Relation relation : inParts(tables.get(table))) {
                long size = size(session, relation) / blockBytes;
                sum += size;
                divide(table, relation, size, step, chunks);
            }
            blocks.add(sum);
            byTable.add(chunks);
        }
        return new ChunkPlan(IntStream.range(0, tables.size())
                .boxed()
                .sorted(Comparator.comparing(blocks::get, Comparator.reverseOrder()))
                .flatMap(table -> byTable.get(table).stream())
                .toList());
    }

    private static List<Relation> inParts(SourceTable table) {
        return table.isWhole() ? List.of() : table.relations();
    }

    /** The last chunk is open, since rows that the snapshot sees may stand behind what was the end a moment ago. */
    static void divide(int table, Relation relation, long blocks, long step, List<Chunk> chunks) {
        long first = 0;
        while (first + step < blocks) {
            chunks.add(new Chunk(table, chunks.size(), relation, first, first + step));
            first += step;
        }
        chunks.add(new Chunk(table, chunks.size(), relation, first, Chunk.OPEN));
    }

    /** How many chunks a table has. */
    int count(int table) {
        return (int) chunks.stream().filter(chunk -> chunk.table() == table).count();
    }

    /**
     * The relation's size in bytes. Its storage must be the one that the snapshot knows: after a TRUNCATE or a rewrite it is
     * another, and reading it would give no rows and no error.
     */
    private static long size(Session session, Relation relation) throws SQLException {
        Storage storage = session.rows(
                        "SELECT relfilenode = pg_relation_filenode(oid), pg_relation_size(oid) FROM pg_catalog.pg_class WHERE oid = ?::int8::oid",
                        row -> new Storage(row.getBoolean(1), row.getLong(2)),
                        relation.oid())
                .get(0);
        if (!storage.unchanged()) {
            throw SkyrollException.unavailable(
                    "%s was truncated or rewritten while the snapshot was starting; start again"
                            .formatted(relation.sql()),
                    new IllegalStateException("its storage is not the snapshot's"));
        }
        return storage.bytes();
    }

    private record Storage(boolean unchanged, long bytes) {}
}
