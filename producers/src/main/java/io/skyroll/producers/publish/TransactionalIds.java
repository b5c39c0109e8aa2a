package io.skyroll.producers.publish;

import io.skyroll.schemas.topic.TableName;

/** Names a pipeline's transactional writers; like topic names, they never coincide between pipelines. */
final class TransactionalIds {

    private TransactionalIds() {}

    static String control(String pipeline) {
        return prefix(pipeline) + "control";
    }

    static String changes(String pipeline) {
        return prefix(pipeline) + "changes";
    }

    static String worker(String pipeline, int worker) {
        return prefix(pipeline) + "snapshot." + worker;
    }

    private static String prefix(String pipeline) {
        String topic = TableName.progressTopic(pipeline);
        return topic.substring(0, topic.lastIndexOf('.') + 1);
    }
}
