package io.skyroll.streams.topology;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.IntFunction;
import org.apache.avro.generic.GenericRecord;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes a rows topic as a producer does: rounds of batches and single rows, each round ended by a cut. A star's id tells the
 * partition of the rows topic: id modulo 16.
 */
final class RowsLog implements AutoCloseable {
    static final int ID_STEP = 16;
    private static final int RECORDS_PER_ROUND = 60;
    private static final int ROWS_PER_BATCH = 50;

    private final Stars stars;
    private final int partitions;
    private final KafkaProducer<byte[], byte[]> producer;
    private final Random random = new Random(7);
    private final List<Long> wanted = new ArrayList<>();
    private final List<Long> unwanted = new ArrayList<>();
    private final long[] rowsSinceCut;
    private long lsn = 1;
    private long nextId;
    private Optional<Position> last = Optional.empty();

    RowsLog(String bootstrapServers, Stars stars, int partitions) {
        this.stars = stars;
        this.partitions = partitions;
        rowsSinceCut = new long[partitions];
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrapServers))) {
            Topics.ensureLog(admin, Stars.TABLE.rowsTopic(), partitions);
        }
        producer = new KafkaProducer<>(
                Map.of("bootstrap.servers", bootstrapServers, "transactional.id", "rows"),
                new ByteArraySerializer(),
                new ByteArraySerializer());
        producer.initTransactions();
    }

    void reset() {
        control(Op.RESET, partition -> Control.reset(position(), stars.rowId, "system", Stars.TIME));
    }

    void round() {
        unfinishedRound();
        finishRound();
    }

    void unfinishedRound() {
        lsn++;
        producer.beginTransaction();
        for (int record = 0; record < RECORDS_PER_ROUND; record++) {
            int partition = random.nextInt(partitions);
            int rows = random.nextInt(4) == 0 ? 1 : ROWS_PER_BATCH;
            List<GenericRecord> batch = new ArrayList<>();
            for (int row = 0; row < rows; row++) {
                batch.add(star(nextId++ * ID_STEP + partition));
            }
            byte @Nullable [] key =
                    rows == 1 ? stars.keyValue((Long) batch.get(0).get("id")) : null;
            byte[] value = rows == 1 ? stars.rowValue(batch.get(0)) : stars.batchValue(batch);
            send(partition, key, value, Op.SNAPSHOT);
            rowsSinceCut[partition] += rows;
        }
        producer.commitTransaction();
    }

    void finishRound() {
        Optional<Position> since = last;
        control(
                Op.CUT,
                partition ->
                        Control.cut(position(), since, rowsSinceCut[partition], stars.rowId, "system", Stars.TIME));
    }

    void cutThatCountsTooMuch() {
        lsn++;
        Optional<Position> since = last;
        control(Op.CUT, partition -> Control.cut(position(), since, 1, stars.rowId, "system", Stars.TIME));
    }

    Position lastCut() {
        return last.orElseThrow();
    }

    /** Ids of the rows that belong into the sky topic. */
    List<Long> wanted() {
        return wanted;
    }

    /** Ids of the rows that must be rejected. */
    List<Long> unwanted() {
        return unwanted;
    }

    private GenericRecord star(long id) {
        boolean good = random.nextInt(10) != 0;
        (good ? wanted : unwanted).add(id);
        return stars.star(id, "name", random.nextDouble() * 360, random.nextDouble() * 180 - 90, good ? 12f : 22f);
    }

    private void control(Op op, IntFunction<Control> control) {
        producer.beginTransaction();
        for (int partition = 0; partition < partitions; partition++) {
            send(partition, null, control.apply(partition).encode(stars.controlId), op);
            rowsSinceCut[partition] = 0;
        }
        producer.commitTransaction();
        last = Optional.of(position());
    }

    private void send(int partition, byte @Nullable [] key, byte[] value, Op op) {
        // A failure shows when the transaction is committed.
        var unused = producer.send(new ProducerRecord<>(
                Stars.TABLE.rowsTopic(), partition, null, key, value, Stars.headers(op, position())));
    }

    private Position position() {
        return new Position(1, lsn, 0);
    }

    @Override
    public void close() {
        producer.close();
    }
}
