package io.skyroll.producers.libpq;

import io.skyroll.schemas.failure.SkyrollException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** Which kind of server will do; libpq's {@code target_session_attrs}. */
public enum TargetSession {
    ANY,
    READ_WRITE,
    READ_ONLY,
    PRIMARY,
    STANDBY,
    PREFER_STANDBY;

    static TargetSession parse(String value) {
        return Arrays.stream(values())
                .filter(target -> target.keyword().equals(value))
                .findFirst()
                .orElseThrow(() ->
                        SkyrollException.configuration("invalid target_session_attrs value: \"%s\"".formatted(value)));
    }

    private String keyword() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** What to look for in one walk over all servers after another. */
    List<TargetSession> walks() {
        return this == PREFER_STANDBY ? List.of(STANDBY, ANY) : List.of(this);
    }

    /**
     * Why a session is not wanted, in libpq's words; empty if it is.
     *
     * @param inRecovery whether the server is a standby
     * @param readOnly whether new transactions are read-only
     */
    Optional<String> refusal(boolean inRecovery, boolean readOnly) {
        return switch (this) {
            case ANY, PREFER_STANDBY -> Optional.empty();
            case READ_WRITE -> Optional.of("session is read-only").filter(reason -> readOnly);
            case READ_ONLY -> Optional.of("session is not read-only").filter(reason -> !readOnly);
            case PRIMARY -> Optional.of("server is in hot standby mode").filter(reason -> inRecovery);
            case STANDBY -> Optional.of("server is not in hot standby mode").filter(reason -> !inRecovery);
        };
    }
}
