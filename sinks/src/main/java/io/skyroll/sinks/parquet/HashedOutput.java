package io.skyroll.sinks.parquet;

import io.skyroll.sinks.storage.StoreOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Passes bytes on to a store and takes their SHA-256 on the way. */
final class HashedOutput extends OutputStream {
    private final StoreOutput output;
    private final MessageDigest digest;

    HashedOutput(StoreOutput output) {
        this.output = output;
        try {
            this.digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
    }

    long position() {
        return output.position();
    }

    @Override
    public void write(int value) throws IOException {
        write(new byte[] {(byte) value}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        digest.update(bytes, offset, length);
        output.write(bytes, offset, length);
    }

    /** Commits the output and tells the SHA-256 of all that was written, in lower-case hex. */
    String commit() throws IOException {
        output.commit();
        return HexFormat.of().formatHex(digest.digest());
    }

    @Override
    public void close() throws IOException {
        output.close();
    }
}
