package io.skyroll.local;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.server.ServerSocketFactory;

/** The two listening sockets of a node, opened before the node is configured, because its configuration names their ports. */
final class NodeSockets implements ServerSocketFactory, AutoCloseable {

    private static final int ANY_PORT = 0;

    private final Map<String, ServerSocketChannel> channels = new HashMap<>();

    private NodeSockets() {}

    static NodeSockets open(int brokerPort) {
        NodeSockets sockets = new NodeSockets();
        try {
            sockets.bind(NodeSettings.BROKER, brokerPort);
            sockets.bind(NodeSettings.CONTROLLER, ANY_PORT);
            return sockets;
        } catch (UncheckedIOException e) {
            sockets.close();
            throw e;
        }
    }

    private void bind(String listener, int port) {
        try {
            ServerSocketChannel channel = ServerSocketChannel.open();
            channels.put(listener, channel);
            channel.bind(Loopback.at(port));
        } catch (IOException e) {
            throw new UncheckedIOException("could not listen on %s:%d for Kafka".formatted(Loopback.HOST, port), e);
        }
    }

    /** Host and port of a listener. */
    String address(String listener) {
        return Loopback.HOST + ":" + channel(listener).socket().getLocalPort();
    }

    @Override
    public ServerSocketChannel openServerSocket(
            String listener, InetSocketAddress address, int backlog, int receiveBufferBytes) throws IOException {
        ServerSocketChannel channel = channel(listener);
        channel.configureBlocking(false);
        return channel;
    }

    private ServerSocketChannel channel(String listener) {
        ServerSocketChannel channel = channels.get(listener);
        if (channel == null) {
            throw new IllegalArgumentException("no listener is named " + listener);
        }
        return channel;
    }

    @Override
    public void close() {
        for (ServerSocketChannel channel : channels.values()) {
            try {
                channel.close();
            } catch (IOException e) {
                throw new UncheckedIOException("could not close a listening socket of Kafka", e);
            }
        }
    }
}
