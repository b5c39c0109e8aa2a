package io.skyroll.schemas.failure;

import org.jspecify.annotations.Nullable;

/** A failure that a person or a supervisor reads: its message says what was attempted, on what, what was found and what to do. */
public final class SkyrollException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final FailureKind kind;

    private SkyrollException(FailureKind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public static SkyrollException configuration(String message) {
        return new SkyrollException(FailureKind.CONFIGURATION, message, null);
    }

    public static SkyrollException configuration(String message, @Nullable Throwable cause) {
        return new SkyrollException(FailureKind.CONFIGURATION, message, cause);
    }

    public static SkyrollException badRecord(String message) {
        return new SkyrollException(FailureKind.BAD_RECORD, message, null);
    }

    public static SkyrollException unavailable(String message, @Nullable Throwable cause) {
        return new SkyrollException(FailureKind.UNAVAILABLE, message, cause);
    }

    public static SkyrollException defect(String message) {
        return new SkyrollException(FailureKind.DEFECT, message, null);
    }

    public static SkyrollException defect(String message, @Nullable Throwable cause) {
        return new SkyrollException(FailureKind.DEFECT, message, cause);
    }

    public FailureKind kind() {
        return kind;
    }
}
