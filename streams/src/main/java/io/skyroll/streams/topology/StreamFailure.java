package io.skyroll.streams.topology;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.topic.TableName;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.streams.errors.MissingSourceTopicException;
import org.jspecify.annotations.Nullable;

/** Says in Skyroll's terms why Kafka Streams has stopped. */
final class StreamFailure {
    private StreamFailure() {}

    static SkyrollException of(TableName table, Throwable thrown) {
        Throwable root = thrown;
        for (@Nullable Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            if (cause instanceof SkyrollException ours) {
                return ours;
            }
            root = cause;
        }
        String message = "the stream of table %s has stopped: %s".formatted(table.qualified(), root);
        if (root instanceof AuthenticationException
                || root instanceof AuthorizationException
                || root instanceof MissingSourceTopicException) {
            return SkyrollException.configuration(message, thrown);
        }
        return root instanceof RetriableException
                ? SkyrollException.unavailable(message, thrown)
                : SkyrollException.defect(message, thrown);
    }
}
