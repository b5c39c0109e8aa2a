package io.skyroll.app;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A standard stream that each thread, with those that it starts, may have go elsewhere: commands run beside each other in a JVM. */
final class ThreadOutput extends OutputStream {
    private static final ThreadOutput OUT = new ThreadOutput(System.out);
    private static final ThreadOutput ERR = new ThreadOutput(System.err);

    static {
        System.setOut(new PrintStream(OUT, true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(ERR, true, StandardCharsets.UTF_8));
    }

    private final OutputStream usual;
    private final InheritableThreadLocal<OutputStream> target = new InheritableThreadLocal<>();

    private ThreadOutput(OutputStream usual) {
        this.usual = usual;
    }

    /** Has what this thread, and threads that it starts, write to the standard streams go to others until {@link #restore}. */
    static void redirect(OutputStream out, OutputStream err) {
        OUT.target.set(out);
        ERR.target.set(err);
    }

    /** Ends what {@link #redirect} began, for this thread. */
    static void restore() {
        OUT.target.remove();
        ERR.target.remove();
    }

    private OutputStream current() {
        OutputStream own = target.get();
        return own == null ? usual : own;
    }

    @Override
    public void write(int oneByte) throws IOException {
        current().write(oneByte);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        current().write(bytes, offset, length);
    }

    @Override
    public void flush() throws IOException {
        current().flush();
    }
}
