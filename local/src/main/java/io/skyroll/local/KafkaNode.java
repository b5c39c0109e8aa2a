package io.skyroll.local;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.locks.LockSupport;
import kafka.server.BrokerServer;
import kafka.server.ControllerServer;
import kafka.server.FaultHandlerFactory;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import kafka.server.Server;
import kafka.server.SharedServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.errors.BrokerIdNotRegisteredException;
import org.apache.kafka.common.errors.NotControllerException;
import org.apache.kafka.common.message.RequestHeaderData;
import org.apache.kafka.common.metrics.Metrics;
import org.apache.kafka.common.security.auth.KafkaPrincipal;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.controller.ControllerRequestContext;
import org.apache.kafka.metadata.bootstrap.BootstrapMetadata;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.raft.QuorumConfig;
import org.apache.kafka.server.common.EligibleLeaderReplicasVersion;
import org.apache.kafka.server.common.Feature;
import org.apache.kafka.server.common.MetadataVersion;
import org.apache.kafka.server.fault.LoggingFaultHandler;
import org.apache.kafka.server.logger.LoggingController;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import scala.Tuple2;

/**
 * Kafka's own server classes, put together for one node.
 *
 * <p>{@code KafkaRaftServer} does the same, but opens its ports by number, where a free port may be taken between asking and opening, and
 * ends the JVM on a fault of the controller.
 */
final class KafkaNode {

    private static final Logger log = LoggerFactory.getLogger(KafkaNode.class);

    private static final Duration START_LIMIT = Duration.ofMinutes(1);
    private static final Duration ELECTION_POLL = Duration.ofMillis(10);

    private final String clusterId;
    private final NodeSockets sockets;
    private final ControllerServer controller;
    private final BrokerServer broker;

    private KafkaNode(String clusterId, NodeSockets sockets, ControllerServer controller, BrokerServer broker) {
        this.clusterId = clusterId;
        this.sockets = sockets;
        this.controller = controller;
        this.broker = broker;
    }

    static KafkaNode start(Path logDirectory, int port) {
        loadLoggers();
        format(logDirectory);
        NodeSockets sockets = NodeSockets.open(port);
        KafkaNode node;
        // Kafka's Scala throws checked exceptions that it does not declare.
        try {
            node = assemble(new KafkaConfig(NodeSettings.of(logDirectory, sockets), false), sockets);
        } catch (Exception e) {
            sockets.close();
            throw new IllegalStateException("could not open Kafka's data in " + logDirectory, e);
        }
        try {
            // The broker registers with the controller, so the controller comes first.
            node.controller.startup();
            node.forgetPreviousBroker();
            node.broker.startup();
            return node;
        } catch (Exception e) {
            node.stop();
            throw new IllegalStateException("could not start Kafka on " + logDirectory, e);
        }
    }

    /**
     * Kafka's server asks Log4j for its loggers. When the thread that uses Log4j first is interrupted, Log4j writes a stack trace to the
     * standard error and goes on without its providers, so a thread that nobody interrupts is the first.
     */
    private static void loadLoggers() {
        CompletableFuture.runAsync(LoggingController::new).join();
    }

    private static KafkaNode assemble(KafkaConfig config, NodeSockets sockets) {
        Tuple2<MetaPropertiesEnsemble, BootstrapMetadata> stored = KafkaRaftServer.initializeLogDirs(config, log, "");
        String clusterId = stored._1().clusterId().orElseThrow();
        Metrics metrics = Server.initializeMetrics(config, Time.SYSTEM, clusterId);
        FaultHandlerFactory faults = (name, fatal, action) -> new LoggingFaultHandler(name, action);
        SharedServer shared = new SharedServer(
                config,
                stored._1(),
                Time.SYSTEM,
                metrics,
                CompletableFuture.completedFuture(
                        QuorumConfig.parseVoterConnections(config.quorumConfig().voters())),
                List.of(),
                faults,
                sockets);
        BrokerServer broker = new BrokerServer(shared);
        ControllerServer controller = new ControllerServer(shared, KafkaRaftServer.configSchema(), stored._2());
        return new KafkaNode(clusterId, sockets, controller, broker);
    }

    /** Makes an empty directory a cluster's; {@code meta.properties} is written last, so a format cut short begins anew. */
    private static void format(Path logDirectory) {
        if (Files.exists(logDirectory.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
            return;
        }
        try (PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            Files.createDirectories(logDirectory);
            new Formatter()
                    .setPrintStream(nowhere)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(NodeSettings.NODE_ID)
                    .setControllerListenerName(NodeSettings.CONTROLLER)
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setReleaseVersion(MetadataVersion.LATEST_PRODUCTION)
                    // With them, the only replica of a partition stops being in sync by a crash, and nobody is left to
                    // lead.
                    .setFeatureLevel(
                            EligibleLeaderReplicasVersion.FEATURE_NAME,
                            EligibleLeaderReplicasVersion.ELRV_0.featureLevel())
                    .setMetadataLogDirectory(logDirectory.toString())
                    .addDirectory(logDirectory.toString())
                    .run();
        } catch (IOException e) {
            throw new UncheckedIOException("could not create Kafka's directory " + logDirectory, e);
        } catch (Exception e) {
            throw new IllegalStateException("could not make " + logDirectory + " a Kafka directory", e);
        }
    }

    /**
     * Takes the broker of an earlier start off the controller's books. After a crash it would otherwise count as alive, and this one as
     * its double, until its session ends.
     */
    private void forgetPreviousBroker() {
        long deadlineNanos = System.nanoTime() + START_LIMIT.toNanos();
        while (true) {
            try {
                ControllerRequestContext request = new ControllerRequestContext(
                        new RequestHeaderData(), KafkaPrincipal.ANONYMOUS, OptionalLong.of(deadlineNanos));
                controller
                        .controller()
                        .unregisterBroker(request, NodeSettings.NODE_ID)
                        .join();
                return;
            } catch (CompletionException e) {
                if (e.getCause() instanceof BrokerIdNotRegisteredException) {
                    return;
                }
                if (!(e.getCause() instanceof NotControllerException) || System.nanoTime() > deadlineNanos) {
                    throw e;
                }
            }
            // The only voter has not elected itself yet.
            LockSupport.parkNanos(ELECTION_POLL.toNanos());
        }
    }

    String bootstrapServers() {
        return sockets.address(NodeSettings.BROKER);
    }

    String clusterId() {
        return clusterId;
    }

    void stop() {
        // The broker writes its last state through the controller, so the controller goes last.
        broker.shutdown();
        controller.shutdown();
        sockets.close();
    }
}
