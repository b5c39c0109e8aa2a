package io.skyroll.app;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

/** A standard stream that each thread, with those that it starts, may have go elsewhere: commands run beside each other in a JVM. */
final class ThreadOutput extends OutputStream {
    private static final InheritableThreadLocal<OutputStream> OUT = new InheritableThreadLocal<>();
    private static final InheritableThreadLocal<OutputStream> ERR = new InheritableThreadLocal<>();

    static {
        System.setOut(new PrintStream(new ThreadOutput(System.out, OUT), true, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new ThreadOutput(System.err, ERR), true, StandardCharsets.UTF_8));
    }

    private final OutputStream usual;
    private final ThreadLocal<OutputStream> own;

    private ThreadOutput(OutputStream usual, ThreadLocal<OutputStream> own) {
        this.usual = usual;
        this.own = own;
    }

    /** Has what this thread, and threads that it starts, write to the standard streams go to others until {@link #restore}. */
    static void redirect(OutputStream out, OutputStream err) {
        OUT.set(out);
        ERR.set(err);
    }

    /** Ends what {@link #redirect} began, for this thread. */
    static void restore() {
        OUT.remove();
        ERR.remove();
    }

    private OutputStream current() {
        OutputStream redirected = own.get();
        return redirected == null ? usual : redirected;
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
