package io.skyroll.bench;

import io.debezium.embedded.Connect;
import io.debezium.engine.DebeziumEngine;
import io.debezium.engine.DebeziumEngine.ChangeConsumer;
import io.debezium.engine.DebeziumEngine.RecordCommitter;
import io.debezium.engine.RecordChangeEvent;
import io.debezium.engine.format.ChangeEventFormat;
import io.skyroll.producers.postgres.Endpoint;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.kafka.connect.source.SourceRecord;

/** Debezium's embedded engine with the settings that say how it reads as Skyroll has them, and nobody behind it. */
final class DebeziumAlone {
    private DebeziumAlone() {}

    /** Reads a slot until so many changes have come. */
    static void drain(Endpoint endpoint, String slot, String publication, long changes) throws Exception {
        CountDownLatch drained = new CountDownLatch(1);
        AtomicLong seen = new AtomicLong();
        ChangeConsumer<RecordChangeEvent<SourceRecord>> counter = new ChangeConsumer<>() {
            @Override
            public void handleBatch(
                    List<RecordChangeEvent<SourceRecord>> records,
                    RecordCommitter<RecordChangeEvent<SourceRecord>> committer)
                    throws InterruptedException {
                for (RecordChangeEvent<SourceRecord> event : records) {
                    if (event.record().topic().startsWith("alone.public.")) {
                        seen.incrementAndGet();
                    }
                    committer.markProcessed(event);
                }
                committer.markBatchFinished();
                if (seen.get() >= changes) {
                    drained.countDown();
                }
            }
        };
        Properties properties = new Properties();
        properties.setProperty("name", "alone");
        properties.setProperty("topic.prefix", "alone");
        properties.setProperty("connector.class", "io.debezium.connector.postgresql.PostgresConnector");
        properties.setProperty("offset.storage", "org.apache.kafka.connect.storage.MemoryOffsetBackingStore");
        properties.setProperty("database.hostname", endpoint.host());
        properties.setProperty("database.port", Integer.toString(endpoint.port()));
        properties.setProperty("database.dbname", endpoint.database());
        properties.setProperty("database.user", endpoint.properties().getOrDefault("user", ""));
        properties.setProperty("database.password", "");
        properties.setProperty("plugin.name", "pgoutput");
        properties.setProperty("slot.name", slot);
        properties.setProperty("publication.name", publication);
        properties.setProperty("snapshot.mode", "no_data");
        properties.setProperty("provide.transaction.metadata", "true");
        properties.setProperty("decimal.handling.mode", "string");
        properties.setProperty("time.precision.mode", "microseconds");
        properties.setProperty("max.batch.size", "4096");
        properties.setProperty("max.queue.size", "16384");
        properties.setProperty("poll.interval.ms", "20");
        try (DebeziumEngine<RecordChangeEvent<SourceRecord>> engine = DebeziumEngine.create(
                        ChangeEventFormat.of(Connect.class))
                .using(properties)
                .notifying(counter)
                .build()) {
            Thread thread = new Thread(engine, "debezium alone");
            thread.start();
            drained.await();
        }
    }
}
