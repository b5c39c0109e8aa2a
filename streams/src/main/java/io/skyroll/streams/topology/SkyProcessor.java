package io.skyroll.streams.topology;

import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.meter.StageMeter;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.topic.Op;
import io.skyroll.schemas.topic.RecordHeaders;
import io.skyroll.schemas.topic.Subjects;
import io.skyroll.schemas.wire.WireFormat;
import io.skyroll.streams.places.Places;
import io.skyroll.streams.tally.Tally;
import java.util.Optional;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.streams.processor.api.Processor;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.api.Record;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Turns one partition of the rows topic into records of the sky topic and the rejects topic. Everything it does with a record, its
 * counts included, is committed with the record's offset or not at all. Owned by the task's thread.
 */
final class SkyProcessor implements Processor<byte[], byte[], Destination, byte[]> {
    /** The store's only key: each task has a store of its own. */
    private static final String TALLY = "tally";

    private static final Logger log = LoggerFactory.getLogger(SkyProcessor.class);

    private final SkyStreamSettings settings;
    private final SchemaRegistry registry;
    private final StageMeter meter;
    private final StoppedPartitions stopped;
    private @Nullable Task task;

    SkyProcessor(SkyStreamSettings settings, SchemaRegistry registry, StageMeter meter, StoppedPartitions stopped) {
        this.settings = settings;
        this.registry = registry;
        this.meter = meter;
        this.stopped = stopped;
    }

    /** Kafka Streams calls this again, on the same object, when it takes a task back to its last commit. */
    @Override
    public void init(ProcessorContext<Destination, byte[]> context) {
        int partition = context.taskId().partition();
        if (partition >= settings.rowsPartitions()) {
            throw SkyrollException.configuration("topic %s has a partition %d, the pipeline expects %d partitions"
                    .formatted(settings.table().rowsTopic(), partition, settings.rowsPartitions()));
        }
        task = new Task(context, partition);
    }

    @Override
    public void process(Record<byte[], byte[]> source) {
        if (task == null) {
            throw new IllegalStateException("a record came before init");
        }
        task.process(source);
    }

    @Override
    public void close() {
        if (task != null) {
            stopped.remove(task.partition);
        }
    }

    /** What lives from one init to the next. */
    private final class Task {
        private final int partition;
        private final int controlId;
        private final KeyValueStore<String, byte[]> store;
        private final Tally tally;
        private final SkyOutput output;
        private final RowFormats formats;
        private final LargeRows large;
        private final BatchRouter batches;
        private final RowRouter rows;

        Task(ProcessorContext<Destination, byte[]> context, int partition) {
            this.partition = partition;
            controlId = registry.register(Subjects.control(settings.table().skyTopic()), Control.SCHEMA);
            store = context.getStateStore(SkyTopology.STORE);
            byte @Nullable [] kept = store.get(TALLY);
            tally = kept == null ? new Tally(settings.sky()) : Tally.decode(kept, settings.sky());
            tally.stopped().ifPresent(why -> stopped.add(partition, why));
            output = new SkyOutput(context, tally, meter, stopped);
            formats = new RowFormats(settings, registry);
            Optional<Tracker> tracker = settings.followsChanges()
                    ? Optional.of(new Tracker(
                            new Places(context.getStateStore(SkyTopology.PLACES), tally::isVoid),
                            tally,
                            formats.arePlacedByKey()))
                    : Optional.empty();
            large = new LargeRows(settings.table(), formats, tally, output, tracker);
            rows = new RowRouter(settings.sky(), formats, output, tracker, large);
            batches = new BatchRouter(settings.sky(), output, rows, tracker, large);
            log.atInfo()
                    .addKeyValue("topic", settings.table().rowsTopic())
                    .addKeyValue("partition", partition)
                    .addKeyValue("since", tally.last().map(Position::toString).orElse("the beginning"))
                    .addKeyValue("rows", tally.rowsIn())
                    .log("stream task starts");
        }

        void process(Record<byte[], byte[]> source) {
            Headers headers = source.headers();
            Position position = RecordHeaders.position(headers);
            if (tally.isVoid(position)) {
                log.atDebug()
                        .addKeyValue("place", output.place())
                        .addKeyValue("position", position)
                        .log("record from before the newest reset dropped");
                return;
            }
            Op op = RecordHeaders.op(headers);
            if (tally.stopped().isPresent() && op != Op.RESET) {
                return;
            }
            if (op.isControl()) {
                control(source);
            } else if (source.value() == null) {
                withoutRow(source, op, RecordHeaders.text(headers, RecordHeaders.ERROR));
            } else {
                withRow(source, op);
            }
            store.put(TALLY, tally.encode());
        }

        private void withRow(Record<byte[], byte[]> source, Op op) {
            RowFormat format = formats.of(WireFormat.schemaId(source.value()));
            if (op == Op.DELETE || (format.batch() && op != Op.SNAPSHOT)) {
                throw SkyrollException.defect("%s: op %s cannot have a %s as value"
                        .formatted(output.place(), op.code(), format.batch() ? "batch" : "row"));
            }
            if (RecordHeaders.bytes(source.headers(), RecordHeaders.ERROR).isPresent()) {
                throw SkyrollException.defect("%s: the record has both a value and an error".formatted(output.place()));
            }
            if (format.batch()) {
                batches.route(source, format);
            } else {
                rows.route(source, op, format);
            }
        }

        private void withoutRow(Record<byte[], byte[]> source, Op op, Optional<String> error) {
            if (error.isPresent()) {
                rows.refuse(source, op, error.get());
            } else if (op == Op.DELETE) {
                rows.delete(source);
            } else {
                throw SkyrollException.defect(
                        "%s: op %s needs a value or an error".formatted(output.place(), op.code()));
            }
        }

        private void control(Record<byte[], byte[]> source) {
            Control control = Control.decode(source.value(), registry.schema(WireFormat.schemaId(source.value())));
            if (control.kind() == Control.Kind.RESET) {
                tally.startAfter(control);
                stopped.remove(partition);
            } else if (large.isAnyMissing()) {
                return;
            } else {
                verify(control);
            }
            for (int target = 0; target < settings.sky().partitions(); target++) {
                Control copy = control.forwarded(
                        partition, settings.rowsPartitions(), tally.rowsIn(), tally.rows(target), tally.rejects());
                output.control(source, target, copy.encode(controlId));
            }
            tally.startAfter(control);
        }

        /** Compares what the producer wrote since the last control record with what this task has read. */
        private void verify(Control cut) {
            if (cut.since().isPresent() && !cut.since().equals(tally.last())) {
                throw SkyrollException.defect(
                        "%s: the cut at %s follows the one at %s, but the last that was read is at %s: control records are lost; take a new snapshot"
                                .formatted(
                                        output.place(),
                                        cut.position(),
                                        cut.since().get(),
                                        tally.last().map(Position::toString).orElse("none")));
            }
            long lost = cut.rows() - tally.rowsIn();
            if (lost != 0) {
                throw SkyrollException.defect(
                        "%s: the cut at %s says that %d rows were written since the last control record, but %d were read: %d rows are %s; take a new snapshot"
                                .formatted(
                                        output.place(),
                                        cut.position(),
                                        cut.rows(),
                                        tally.rowsIn(),
                                        Math.abs(lost),
                                        lost > 0 ? "lost" : "too many"));
            }
        }
    }
}
