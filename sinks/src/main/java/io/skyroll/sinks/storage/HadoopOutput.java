package io.skyroll.sinks.storage;

import java.io.IOException;
import org.apache.hadoop.fs.FSDataOutputStream;

/** A stream of a Hadoop file system, with the ways of keeping and discarding that the file system has. */
final class HadoopOutput extends StoreOutput {

    private enum State {
        OPEN,
        COMMITTING,
        CLOSED
    }

    /** What to do with the stream, which is open, once everything was written, or not. */
    interface Ending {
        void end(FSDataOutputStream stream) throws IOException;
    }

    private final FSDataOutputStream stream;
    private final Ending commit;
    private final Ending discard;
    private State state = State.OPEN;

    HadoopOutput(FSDataOutputStream stream, Ending commit, Ending discard) {
        this.stream = stream;
        this.commit = commit;
        this.discard = discard;
    }

    @Override
    public long position() {
        return stream.getPos();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        checkOpen();
        stream.write(bytes, offset, length);
    }

    @Override
    public void commit() throws IOException {
        checkOpen();
        state = State.COMMITTING;
        commit.end(stream);
        state = State.CLOSED;
    }

    @Override
    public void close() throws IOException {
        if (state != State.CLOSED) {
            state = State.CLOSED;
            discard.end(stream);
        }
    }

    private void checkOpen() throws IOException {
        if (state != State.OPEN) {
            throw new IOException("output is committed or closed: " + stream);
        }
    }
}
