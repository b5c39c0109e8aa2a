package io.skyroll.producers.libpq;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A password, possibly empty, which stands for none. Its text appears in no message and no log. Immutable. */
public final class Password {
    static final Password NONE = new Password("", null);

    private final String text;
    private final @Nullable Path file;

    private Password(String text, @Nullable Path file) {
        this.text = text;
        this.file = file;
    }

    static Password of(String text) {
        return new Password(text, null);
    }

    static Password fromFile(String text, Path file) {
        return new Password(text, file);
    }

    /** The password itself, for the driver's eyes only. */
    public String reveal() {
        return text;
    }

    public boolean isEmpty() {
        return text.isEmpty();
    }

    /** The password file that it was found in. */
    public Optional<Path> file() {
        return Optional.ofNullable(file);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Password password && text.equals(password.text) && Objects.equals(file, password.file);
    }

    @Override
    public int hashCode() {
        return text.hashCode();
    }

    @Override
    public String toString() {
        return isEmpty() ? "none" : "***";
    }
}
