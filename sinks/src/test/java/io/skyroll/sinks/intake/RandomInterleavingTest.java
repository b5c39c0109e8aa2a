package io.skyroll.sinks.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.position.Position;
import io.skyroll.sinks.memtable.Segment;
import io.skyroll.sinks.memtable.Star;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.LongUnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Intakes that are dropped and opened anew at random places of random interleavings, against a count of rows per cut. */
class RandomInterleavingTest {
    private static final int UPSTREAMS = 3;
    private static final int CUTS = 12;
    private static final int RUNS = 2_000;

    @Test
    @DisplayName("A7: publishing ends at the last cut with every row, wherever reading starts again")
    void everyRowIsInItsCutWhereverReadingStartsAgain() {
        for (long seed = 0; seed < RUNS; seed++) {
            Topic topic = new Topic(seed);

            Map<Long, Integer> published = topic.publish(offset -> offset);

            assertThat(published.keySet()).as("seed %d", seed).contains((long) CUTS);
            assertThat(published.values().stream().mapToInt(rows -> rows).sum())
                    .as("seed %d", seed)
                    .isEqualTo(topic.rowsAfterReset);
        }
    }

    @Test
    @DisplayName("A7: a restart offset that passes over control records stalls")
    void restartOffsetWithoutControlRecordsStalls() {
        int stalled = 0;
        for (long seed = 0; seed < RUNS; seed++) {
            Topic topic = new Topic(seed);
            try {
                stalled += topic.publish(topic::nextRow).containsKey((long) CUTS) ? 0 : 1;
            } catch (RuntimeException noticed) {
                stalled++;
            }
        }
        assertThat(stalled).isGreaterThan(RUNS / 20);
    }

    /** One partition of a sky topic. */
    private static final class Topic {
        private static final Instant TIME = Instant.EPOCH;

        private final Random random;
        private final List<Message> messages = new ArrayList<>();
        private int rowsAfterReset;

        /** A row, or a control record. */
        private record Message(Position position, Optional<Control> control) {}

        Topic(long seed) {
            random = new Random(seed * 0x9E3779B97F4A7C15L);
            int reset = random.nextInt(3) == 0 ? 1 + random.nextInt(CUTS) : 0;
            List<Deque<Message>> upstreams = Stream.generate(() -> (Deque<Message>) new ArrayDeque<Message>())
                    .limit(UPSTREAMS)
                    .toList();
            for (int upstream = 0; upstream < UPSTREAMS; upstream++) {
                write(upstream, reset, upstreams.get(upstream));
            }
            while (upstreams.stream().anyMatch(queue -> !queue.isEmpty())) {
                Deque<Message> queue = upstreams.get(random.nextInt(UPSTREAMS));
                for (int i = random.nextInt(4); i > 0 && !queue.isEmpty(); i--) {
                    messages.add(queue.remove());
                }
            }
        }

        private void write(int upstream, int reset, Deque<Message> target) {
            Optional<Position> since = Optional.empty();
            int valid = 0;
            for (int cut = 1; cut <= CUTS; cut++) {
                int rows = random.nextInt(3);
                for (int row = 1; row <= rows; row++) {
                    target.add(new Message(new Position(1, cut, row), Optional.empty()));
                }
                valid += rows;
                Position position = new Position(1, cut, Long.MAX_VALUE);
                if (cut == reset) {
                    // Halfway between two cuts: the rows since the former are void.
                    Position at = new Position(1, cut, 100);
                    target.add(new Message(at, Optional.of(copy(Control.reset(at, 1, "s", TIME), upstream, 0))));
                    target.add(new Message(new Position(1, cut, 101), Optional.empty()));
                    rows = 1;
                    valid = 1;
                    since = Optional.of(at);
                }
                Control control = Control.cut(position, since, 0, 1, "s", TIME);
                target.add(new Message(position, Optional.of(copy(control, upstream, rows))));
                since = Optional.of(position);
            }
            rowsAfterReset += valid;
        }

        private static Control copy(Control control, int upstream, int rows) {
            return control.forwarded(upstream, UPSTREAMS, rows, rows, Map.of());
        }

        /** The offset of the first row at or after an offset. */
        long nextRow(long offset) {
            int next = (int) offset;
            while (next < messages.size() && messages.get(next).control().isPresent()) {
                next++;
            }
            return next;
        }

        /**
         * Reads and publishes, and starts again now and then.
         *
         * @return rows by the LSN of the cut that they were published at
         */
        Map<Long, Integer> publish(LongUnaryOperator restart) {
            Map<Long, Integer> published = new TreeMap<>();
            Position cut = Position.ORIGIN;
            long offset = 0;
            PartitionIntake intake = new PartitionIntake("t.sky-0", cut, offset);
            long start = 0;
            while (true) {
                int most = 1 + random.nextInt(20);
                for (int i = 0; i < most && offset < messages.size(); i++) {
                    read(intake, offset++);
                }
                Optional<Position> aligned = intake.newestAligned();
                if (aligned.isPresent()) {
                    cut = aligned.get();
                    Frozen frozen = intake.freeze(cut);
                    if (frozen.reset().isPresent()) {
                        published.replaceAll((lsn, rows) -> 0);
                    }
                    published.put(cut.lsn(), (int)
                            frozen.segments().stream().mapToLong(Segment::rows).sum());
                    start = restart.applyAsLong(frozen.restartOffset());
                    intake.release(cut);
                } else if (offset == messages.size()) {
                    return published;
                }
                if (random.nextInt(4) == 0 && offset < messages.size()) {
                    intake = new PartitionIntake("t.sky-0", cut, start);
                    offset = start;
                }
            }
        }

        private void read(PartitionIntake intake, long offset) {
            Message message = messages.get((int) offset);
            if (message.control().isPresent()) {
                intake.addControl(message.control().get(), offset);
            } else {
                Star star = new Star(offset, offset, offset);
                intake.addRow(message.position(), offset, star.key(), star.row());
            }
        }
    }
}
