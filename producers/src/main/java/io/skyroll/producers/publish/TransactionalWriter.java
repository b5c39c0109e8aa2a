package io.skyroll.producers.publish;

import io.skyroll.schemas.failure.SkyrollException;
import java.time.Duration;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;

/**
 * Writes records to Kafka in transactions, under an id of which only the newest writer may write. Owned by one thread.
 *
 * <p>Every method may throw {@link InterruptException} when its thread is interrupted.
 */
public final class TransactionalWriter implements AutoCloseable {
    private static final Duration CLOSE_LIMIT = Duration.ofSeconds(10);

    private final String id;
    private final Producer<byte[], byte[]> producer;

    private TransactionalWriter(String id, Producer<byte[], byte[]> producer) {
        this.id = id;
        this.producer = producer;
    }

    /** Opens the writer of a pipeline's changes; as {@link #open(KafkaAccess, String)}. */
    public static TransactionalWriter ofChanges(KafkaAccess kafka, String pipeline) {
        return open(kafka, TransactionalIds.changes(pipeline));
    }

    /** Opens a writer; whoever wrote under the same id before is fenced, and its open transaction is aborted. */
    public static TransactionalWriter open(KafkaAccess kafka, String id) {
        TransactionalWriter writer = new TransactionalWriter(id, kafka.producer(id));
        try {
            writer.run("start", writer.producer::initTransactions);
            return writer;
        } catch (SkyrollException | InterruptException failure) {
            writer.close();
            throw failure;
        }
    }

    public void begin() {
        run("begin a transaction", producer::beginTransaction);
    }

    /** Hands a record over; it may block while the brokers are slower than the caller. */
    public void send(ProducerRecord<byte[], byte[]> message) {
        run("write to " + message.topic(), () -> {
            // A failure also fails commit(), so nobody needs to look at the future.
            Future<RecordMetadata> unused = producer.send(message);
        });
    }

    /** Waits until everything since {@link #begin()} is written, and makes it visible at once. */
    public void commit() {
        run("commit", producer::commitTransaction);
    }

    /** Makes everything since {@link #begin()} void. */
    public void abort() {
        run("abort", producer::abortTransaction);
    }

    /** Closes the writer; a transaction still open is left to the broker to abort. */
    @Override
    public void close() {
        producer.close(CLOSE_LIMIT);
    }

    private void run(String what, Runnable action) {
        try {
            action.run();
        } catch (InterruptException interrupted) {
            throw interrupted;
        } catch (KafkaException failure) {
            if (isFenced(failure)) {
                throw SkyrollException.configuration(
                        "another producer has taken over as %s: only one producer of a pipeline may run; stop the other one"
                                .formatted(id),
                        failure);
            }
            throw SkyrollException.unavailable(
                    "Kafka did not let %s %s: %s".formatted(id, what, failure.getMessage()), failure);
        }
    }

    private static boolean isFenced(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof ProducerFencedException || cause instanceof InvalidProducerEpochException) {
                return true;
            }
        }
        return false;
    }
}
