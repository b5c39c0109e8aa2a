package io.skyroll.local;

import java.nio.file.Path;
import java.util.Map;

/** The settings of a node that is a whole cluster. */
final class NodeSettings {

    static final int NODE_ID = 1;
    static final String BROKER = "BROKER";
    static final String CONTROLLER = "CONTROLLER";

    /** 56 MiB of record and room for its key, headers and batch. */
    private static final int MAX_MESSAGE_BYTES = 57 * 1024 * 1024;

    private static final int MIB = 1024 * 1024;

    private NodeSettings() {}

    static Map<String, String> of(Path logDirectory, NodeSockets sockets) {
        String broker = BROKER + "://" + sockets.address(BROKER);
        String controller = CONTROLLER + "://" + sockets.address(CONTROLLER);
        return Map.ofEntries(
                Map.entry("process.roles", "broker,controller"),
                Map.entry("node.id", Integer.toString(NODE_ID)),
                Map.entry("controller.quorum.voters", NODE_ID + "@" + sockets.address(CONTROLLER)),
                Map.entry("controller.listener.names", CONTROLLER),
                Map.entry("inter.broker.listener.name", BROKER),
                Map.entry("listener.security.protocol.map", BROKER + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT"),
                Map.entry("listeners", broker + "," + controller),
                Map.entry("advertised.listeners", broker),
                Map.entry("log.dirs", logDirectory.toString()),

                // One node: one replica of everything, and few partitions where Kafka would make fifty.
                Map.entry("default.replication.factor", "1"),
                Map.entry("min.insync.replicas", "1"),
                Map.entry("offsets.topic.replication.factor", "1"),
                Map.entry("offsets.topic.num.partitions", "4"),
                Map.entry("transaction.state.log.replication.factor", "1"),
                Map.entry("transaction.state.log.min.isr", "1"),
                Map.entry("transaction.state.log.num.partitions", "4"),
                Map.entry("share.coordinator.state.topic.replication.factor", "1"),
                Map.entry("share.coordinator.state.topic.min.isr", "1"),
                Map.entry("share.coordinator.state.topic.num.partitions", "1"),

                // A mistyped topic is an error, not a topic.
                Map.entry("auto.create.topics.enable", "false"),
                Map.entry("log.retention.ms", "-1"),
                // Ten years: a pipeline may stand still for longer than Kafka's week and must still know where it was.
                Map.entry("offsets.retention.minutes", "5256000"),
                // After a crash each partition's newest segment is read again, so it should not be a gigabyte; 1 MiB of
                // index serves it.
                Map.entry("log.segment.bytes", Integer.toString(256 * MIB)),
                Map.entry("log.index.size.max.bytes", Integer.toString(MIB)),
                Map.entry("message.max.bytes", Integer.toString(MAX_MESSAGE_BYTES)),
                Map.entry("replica.fetch.max.bytes", Integer.toString(MAX_MESSAGE_BYTES)),
                Map.entry("fetch.max.bytes", Integer.toString(64 * MIB)),

                // Nobody else is about to join, vote or take over.
                Map.entry("group.initial.rebalance.delay.ms", "0"),
                Map.entry("broker.session.timeout.ms", "30000"),
                // Else an idle node would write, and flush, twice a second for ever.
                Map.entry("metadata.max.idle.interval.ms", "0"),

                // The default is sized for a machine of its own: 128 MiB for the cleaner alone.
                Map.entry("log.cleaner.dedupe.buffer.size", Integer.toString(32 * MIB)),
                Map.entry("num.network.threads", "2"),
                Map.entry("num.io.threads", "4"),
                Map.entry("background.threads", "2"));
    }
}
