package io.skyroll.sinks.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.intake.Frozen;
import io.skyroll.sinks.intake.PartitionIntake;
import io.skyroll.sinks.leaf.PlainLeaves;
import io.skyroll.sinks.memtable.Segment;
import io.skyroll.sinks.memtable.Star;
import io.skyroll.sinks.merge.Leaf;
import io.skyroll.sinks.storage.InMemoryStore;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.avro.Schema;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class LeafManifestWriterTest {
    private static final int NEW_ROW_ID = 9;
    private static final RowSchema WIDER = new RowSchema(
            "sim.stars",
            List.of(
                    new Column("id", ColumnType.INT64, false),
                    new Column("value", ColumnType.INT64, false),
                    new Column("added", ColumnType.INT64, true)),
            List.of("id"));

    private final InMemoryStore store = new InMemoryStore();
    private final Chain chain = new Chain(store);
    private final Generation generation =
            new Generation(1, "t.sky", "topic", "cluster", new SkyLayout(1, 0, 3, 5, true, 2, 3600));
    private final LeafManifestWriter writer =
            new LeafManifestWriter(store, new Registry(), schema -> new PlainLeaves(), () -> "x" + names());
    private int names;

    @Test
    @DisplayName("A28: rows of two schemas in one version are refused, not read as one")
    void rowsOfAnotherSchemaThanTheCutsAreRefused() {
        Segment segment = new Segment();
        new Star(1, 1, 1).addTo(segment, at(1));

        assertThatThrownBy(() ->
                        writer.write(generation, new Step(1, at(2)), 0, Optional.empty(), frozen(segment, NEW_ROW_ID)))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "t.sky: the table's columns changed before the cut at 1:0/2:0, and rows came with the former ones: take a new snapshot");
    }

    @Test
    @DisplayName("A28: a cut with another schema than the base's is refused")
    void anotherSchemaThanTheBasesIsRefused() throws IOException {
        Segment segment = new Segment();
        new Star(1, 1, 1).addTo(segment, at(1));
        Manifest base = writer.write(generation, new Step(1, at(2)), 0, Optional.empty(), frozen(segment, Star.ROW_ID));

        assertThatThrownBy(() -> writer.write(
                        generation, new Step(2, at(3)), 0, Optional.of(base), frozen(new Segment(), NEW_ROW_ID)))
                .isInstanceOf(SkyrollException.class)
                .hasMessageStartingWith("sim.stars: rows cannot go on in the table's new form:");
    }

    @Test
    @DisplayName("A5: a publisher whose base was collected has been overtaken; else the loss is a defect")
    void collectedBaseMeansOvertaken() throws IOException {
        Segment segment = new Segment();
        new Star(1, 1, 1).addTo(segment, at(1));
        Manifest base = writer.write(generation, new Step(1, at(2)), 0, Optional.empty(), frozen(segment, Star.ROW_ID));
        chain.create(base);
        chain.create(new Version(1, 1, at(2), Instant.EPOCH));
        PartitionPublisher publisher = following(base);
        String lost = SkyManifest.of(base).countsFile();
        byte[] counts = store.read(lost).orElseThrow();
        store.delete(lost);

        assertThatThrownBy(publisher::advance)
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "memory:/%s is missing although a manifest of partition 0 names it: restore it from a backup, or start again with --new-generation"
                                .formatted(lost));

        chain.create(new Version(1, 2, at(3), Instant.EPOCH));
        assertThat(publisher.advance()).isEqualTo(PartitionPublisher.Progress.OVERTAKEN);
        store.replace(lost, counts);
    }

    @Test
    void publisherAwaitsTheStepsCutAndNotItsOwn() throws IOException {
        chain.create(1, new Step(1, at(5)));
        PartitionIntake intake = new PartitionIntake("t.sky-0", Position.ORIGIN, 0);
        PartitionPublisher publisher = new PartitionPublisher(chain, generation, 0, Optional.empty(), intake, writer);
        intake.addControl(cut(2, Optional.empty()), 0);
        publisher.advance();
        assertThat(publisher.awaitsCut()).isFalse();

        publisher.advance();

        assertThat(publisher.awaitsCut()).isTrue();
        assertThat(publisher.advance()).isEqualTo(PartitionPublisher.Progress.WAITING);
        intake.addControl(cut(5, Optional.of(at(2))), 1);
        assertThat(publisher.awaitsCut()).isFalse();
        assertThat(publisher.advance()).isEqualTo(PartitionPublisher.Progress.WORKED);
    }

    @Test
    void aChangedRowDecodesItsRowGroupAndCopiesTheOthersOfItsLeaf() throws IOException {
        // Three row groups in one leaf, two rows each at most, and a leaf by itself.
        Segment snapshot = new Segment();
        long quarter = new Pixel(1, 1).first29();
        List<Star> stars = List.of(
                new Star(0, 1, 1),
                new Star(1, 2, 1),
                new Star(quarter, 3, 1),
                new Star(quarter + 1, 4, 1),
                new Star(2 * quarter, 5, 1),
                new Star(new Pixel(0, 4).first29(), 6, 1));
        stars.forEach(star -> star.addTo(snapshot, at(1)));
        Manifest base =
                writer.write(generation, new Step(1, at(2)), 0, Optional.empty(), frozen(snapshot, Star.ROW_ID));
        Star changed = new Star(quarter, 3, 2);
        Segment segment = new Segment();
        changed.addTo(segment, at(3));

        SkyManifest next = SkyManifest.of(
                writer.write(generation, new Step(2, at(4)), 0, Optional.of(base), frozen(segment, Star.ROW_ID)));

        StepWork first = base.work().orElseThrow();
        assertThat(first.changes()).isEqualTo(6);
        assertThat(first.filesWritten()).isEqualTo(2);
        assertThat(first.groupsDecoded() + first.groupsCopied() + first.filesKept())
                .isZero();
        Leaf written = next.leaves().get(0);
        long bytes = written.bytes() + written.border().orElseThrow().bytes();
        StepWork work = next.work().orElseThrow();
        assertThat(work.bytesCopied()).isPositive().isLessThan(written.bytes());
        assertThat(work).isEqualTo(new StepWork(1, changed.row().length, 1, 2, work.bytesCopied(), bytes, 1, 1));
        assertThat(work.text())
                .isEqualTo(
                        "1 changes; row groups: 1 decoded, 2 copied (%,d bytes); files: 1 written (%,d bytes), 1 kept; %.1f bytes written for each that came",
                        work.bytesCopied(), bytes, (double) bytes / changed.row().length);
    }

    /** A publisher that is about to merge for step 2. */
    private PartitionPublisher following(Manifest base) throws IOException {
        PartitionIntake intake = new PartitionIntake("t.sky-0", at(2), 0);
        intake.addControl(cut(3, Optional.of(at(2))), 0);
        PartitionPublisher publisher = new PartitionPublisher(chain, generation, 0, Optional.of(base), intake, writer);
        assertThat(publisher.advance()).isEqualTo(PartitionPublisher.Progress.WORKED);
        assertThat(publisher.advance()).isEqualTo(PartitionPublisher.Progress.WORKED);
        return publisher;
    }

    private int names() {
        return names++;
    }

    private static Control cut(long lsn, Optional<Position> since) {
        return Control.cut(at(lsn), since, 0, Star.ROW_ID, "s", Instant.EPOCH);
    }

    private static Frozen frozen(Segment segment, int schemaId) {
        return new Frozen(at(2), Instant.EPOCH, Optional.empty(), List.of(segment), 1, Map.of(), schemaId, "s", 0);
    }

    private static Position at(long lsn) {
        return new Position(1, lsn, 0);
    }

    /** The table before and after a column was added. */
    private static final class Registry implements SchemaRegistry {
        @Override
        public int register(String subject, Schema schema) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Schema schema(int id) {
            return id == NEW_ROW_ID ? WIDER.toAvro() : Star.KEYED.toAvro();
        }
    }
}
