package io.skyroll.streams.topology;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.healpix.Healpix;
import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.topic.Op;
import io.skyroll.streams.row.FilterSettings;
import io.skyroll.streams.row.Rules;
import io.skyroll.streams.topology.TaskRun.Out;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Compares the processor with a slow version of itself that decodes every row with Avro's own reader. */
class SkyProcessorDifferentialTest {
    private static final @Nullable Object[] ANGLES = {
        null,
        0.0,
        -0.0,
        45.0,
        90.0,
        -90.0,
        90.00000000000001,
        360.0,
        -360.0,
        1e300,
        Double.NaN,
        Double.NEGATIVE_INFINITY,
        41.8103149
    };
    private static final @Nullable Object[] MAGNITUDES = {
        null, 19.999998f, 20f, Float.NaN, Float.NEGATIVE_INFINITY, -1.5f
    };
    private static final int RECORDS = 150;
    private static final int SMALL_BLOCK_BYTES = 64;

    private final InMemoryRegistry registry = new InMemoryRegistry();
    private final Stars stars = new Stars(registry);

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void handsOnWhatTheSlowVersionHandsOn(long seed) {
        Random random = new Random(seed);
        SkyPartitions sky = new SkyPartitions(random.nextInt(3), 1 + random.nextInt(12));
        TaskRun task = new TaskRun(Stars.settings(sky, 2, new FilterSettings("bright", "mag < 20")), registry, stars);
        SlowVersion slow = new SlowVersion(sky);
        Position position = new Position(1, 1, 0);
        Optional<Position> since = Optional.empty();

        for (int i = 0; i < RECORDS; i++) {
            List<GenericRecord> rows = rows(random);
            byte[] value = random.nextBoolean() ? stars.batchValue(rows) : inBlocks(rows);

            slow.read(value);
            List<Out> out = task.feed(null, value, Stars.headers(Op.SNAPSHOT, position));

            assertThat(piecesOf(out)).as("seed %d record %d", seed, i).isEqualTo(slow.pieces);
            assertThat(rejectsOf(out)).as("seed %d record %d", seed, i).isEqualTo(slow.rejects);
            if (random.nextInt(10) == 0) {
                List<Control> copies = task.cut(position, since, slow.rowsIn).stream()
                        .map(o -> stars.control(o.value))
                        .toList();
                assertThat(copies).as("seed %d record %d", seed, i).isEqualTo(slow.cut(position, since));
                since = Optional.of(position);
                position = new Position(1, position.lsn() + 1, 0);
            }
        }
    }

    private List<GenericRecord> rows(Random random) {
        List<GenericRecord> rows = new ArrayList<>();
        int count = random.nextInt(200);
        for (int row = 0; row < count; row++) {
            boolean odd = random.nextInt(4) == 0;
            rows.add(stars.star(
                    random.nextLong(),
                    random.nextInt(3) == 0 ? null : "é".repeat(random.nextInt(100)),
                    odd ? pick(random, ANGLES) : random.nextDouble() * 360,
                    odd ? pick(random, ANGLES) : random.nextDouble() * 180 - 90,
                    odd ? pick(random, MAGNITUDES) : random.nextFloat() * 25));
        }
        return rows;
    }

    private static @Nullable Object pick(Random random, @Nullable Object[] from) {
        return from[random.nextInt(from.length)];
    }

    /** A batch as another writer might make it: an array in several blocks. */
    private byte[] inBlocks(List<GenericRecord> rows) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(ByteBuffer.allocate(5).putInt(1, stars.batchId).array());
        BinaryEncoder encoder =
                new EncoderFactory().configureBlockSize(SMALL_BLOCK_BYTES).blockingBinaryEncoder(out, null);
        try {
            new GenericDatumWriter<>(registry.schema(stars.batchId)).write(rows, encoder);
            encoder.flush();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return out.toByteArray();
    }

    private Map<Integer, List<Placed>> piecesOf(List<Out> out) {
        Map<Integer, List<Placed>> pieces = new TreeMap<>();
        for (Out piece : out) {
            if (!piece.isReject()) {
                List<Placed> placed = new ArrayList<>();
                List<GenericRecord> rows = stars.batch(piece.value);
                assertThat(piece.cells()).hasSameSizeAs(rows);
                for (int row = 0; row < rows.size(); row++) {
                    placed.add(new Placed(piece.cells().get(row), rows.get(row)));
                }
                assertThat(pieces.put(piece.partition, placed)).isNull();
            }
        }
        return pieces;
    }

    private List<Rejected> rejectsOf(List<Out> out) {
        return out.stream()
                .filter(Out::isReject)
                .map(reject -> new Rejected(reject.text("rule"), (GenericRecord) stars.decode(reject.value)))
                .toList();
    }

    private record Placed(long cell, GenericRecord row) {}

    private record Rejected(String rule, GenericRecord row) {}

    private final class SlowVersion {
        private final SkyPartitions sky;
        private final Map<Integer, List<Placed>> pieces = new TreeMap<>();
        private final List<Rejected> rejects = new ArrayList<>();
        private final Map<Integer, Long> rows = new TreeMap<>();
        private final Map<String, Long> rejectCounts = new TreeMap<>();
        private long rowsIn;

        SlowVersion(SkyPartitions sky) {
            this.sky = sky;
        }

        void read(byte[] value) {
            pieces.clear();
            rejects.clear();
            for (GenericRecord row : stars.batch(value)) {
                rowsIn++;
                String rule = rule((Double) row.get("ra"), (Double) row.get("dec"), (Float) row.get("mag"));
                if (rule.isEmpty()) {
                    long cell = Healpix.pixel(29, (Double) row.get("ra"), (Double) row.get("dec"));
                    int partition = sky.partition(cell);
                    pieces.computeIfAbsent(partition, key -> new ArrayList<>()).add(new Placed(cell, row));
                    rows.merge(partition, 1L, Long::sum);
                } else {
                    rejects.add(new Rejected(rule, row));
                    rejectCounts.merge(rule, 1L, Long::sum);
                }
            }
        }

        private String rule(@Nullable Double ra, @Nullable Double dec, @Nullable Float mag) {
            if (mag == null || mag.isNaN() || mag >= 20) {
                return "bright";
            }
            if (ra == null || dec == null) {
                return Rules.SKY_NULL;
            }
            if (ra.isNaN() || ra.isInfinite() || dec.isNaN() || dec.isInfinite()) {
                return Rules.SKY_NOT_FINITE;
            }
            return dec < -90 || dec > 90 ? Rules.SKY_DEC_OUT_OF_RANGE : "";
        }

        List<Control> cut(Position position, Optional<Position> since) {
            List<Control> copies = new ArrayList<>();
            for (int partition = 0; partition < sky.partitions(); partition++) {
                copies.add(Control.cut(position, since, rowsIn, stars.rowId, "system", Stars.TIME)
                        .forwarded(TaskRun.PARTITION, 2, rowsIn, rows.getOrDefault(partition, 0L), rejectCounts));
            }
            rowsIn = 0;
            rows.clear();
            rejectCounts.clear();
            return copies;
        }
    }
}
