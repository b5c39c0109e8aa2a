package io.skyroll.producers.libpq;

import io.skyroll.schemas.failure.SkyrollException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The connection parameters of libpq (version 17) and the environment variables that they fall back to, as listed in the
 * PostgreSQL manual, sections "Parameter Key Words" and "Environment Variables" of chapter libpq.
 */
enum Keyword {
    SERVICE("PGSERVICE"),
    USER("PGUSER"),
    PASSWORD("PGPASSWORD"),
    PASSFILE("PGPASSFILE"),
    CHANNEL_BINDING("PGCHANNELBINDING"),
    CONNECT_TIMEOUT("PGCONNECT_TIMEOUT"),
    DBNAME("PGDATABASE"),
    HOST("PGHOST"),
    HOSTADDR("PGHOSTADDR"),
    PORT("PGPORT"),
    CLIENT_ENCODING("PGCLIENTENCODING", Effect.IGNORED),
    OPTIONS("PGOPTIONS"),
    APPLICATION_NAME("PGAPPNAME"),
    FALLBACK_APPLICATION_NAME(null),
    KEEPALIVES(null),
    KEEPALIVES_IDLE(null, Effect.IGNORED),
    KEEPALIVES_INTERVAL(null, Effect.IGNORED),
    KEEPALIVES_COUNT(null, Effect.IGNORED),
    TCP_USER_TIMEOUT(null, Effect.IGNORED),
    SSLMODE("PGSSLMODE"),
    SSLNEGOTIATION("PGSSLNEGOTIATION"),
    SSLCOMPRESSION("PGSSLCOMPRESSION", Effect.IGNORED),
    SSLCERT("PGSSLCERT"),
    SSLKEY("PGSSLKEY"),
    SSLCERTMODE("PGSSLCERTMODE", Effect.REFUSED),
    SSLPASSWORD(null),
    SSLROOTCERT("PGSSLROOTCERT"),
    SSLCRL("PGSSLCRL", Effect.REFUSED),
    SSLCRLDIR("PGSSLCRLDIR", Effect.REFUSED),
    SSLSNI("PGSSLSNI", Effect.IGNORED),
    /** Has an effect on Unix sockets only. */
    REQUIREPEER("PGREQUIREPEER", Effect.IGNORED),
    REQUIRE_AUTH("PGREQUIREAUTH"),
    SSL_MIN_PROTOCOL_VERSION("PGSSLMINPROTOCOLVERSION", Effect.REFUSED),
    SSL_MAX_PROTOCOL_VERSION("PGSSLMAXPROTOCOLVERSION", Effect.REFUSED),
    GSSENCMODE("PGGSSENCMODE"),
    KRBSRVNAME("PGKRBSRVNAME"),
    GSSLIB("PGGSSLIB", Effect.IGNORED),
    GSSDELEGATION("PGGSSDELEGATION", Effect.IGNORED),
    REPLICATION(null, Effect.REFUSED),
    TARGET_SESSION_ATTRS("PGTARGETSESSIONATTRS"),
    LOAD_BALANCE_HOSTS("PGLOADBALANCEHOSTS", Effect.IGNORED);

    /** What becomes of a parameter behind JDBC. */
    enum Effect {
        /** As in libpq. */
        APPLIED,
        /** The driver has nothing like it, and no harm comes from that: said in the log. */
        IGNORED,
        /** The driver has nothing like it, and going on would be less safe than asked for, or wrong. */
        REFUSED
    }

    private final @Nullable String variable;
    private final Effect effect;

    Keyword(@Nullable String variable) {
        this(variable, Effect.APPLIED);
    }

    Keyword(@Nullable String variable, Effect effect) {
        this.variable = variable;
        this.effect = effect;
    }

    /** As it is written. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    Optional<String> variable() {
        return Optional.ofNullable(variable);
    }

    Effect effect() {
        return effect;
    }

    static Optional<Keyword> find(String text) {
        return Arrays.stream(values())
                .filter(keyword -> keyword.text().equals(text))
                .findFirst();
    }

    static Keyword parse(String text) {
        return find(text)
                .orElseThrow(() -> SkyrollException.configuration(
                        "invalid connection option \"%s\"%s".formatted(text, suggestion(text))));
    }

    /** A value of this parameter that is to be a whole number. */
    int integer(String value) {
        try {
            return Integer.parseInt(value.trim());
        } catch (NumberFormatException failure) {
            throw SkyrollException.configuration(
                    "invalid integer value \"%s\" for connection option \"%s\"".formatted(value, text()), failure);
        }
    }

    /** The end of a message about an unknown keyword: which one was meant, or nothing if none is near. */
    static String suggestion(String unknown) {
        Keyword nearest = Arrays.stream(values())
                .min(Comparator.comparingInt(keyword -> distance(unknown, keyword.text())))
                .orElseThrow();
        return distance(unknown, nearest.text()) > Math.max(2, unknown.length() / 2)
                ? ""
                : ": did you mean \"%s\"?".formatted(nearest.text());
    }

    /** Levenshtein's distance, with ASCII letters of either case equal. */
    private static int distance(String left, String right) {
        int[] previous = new int[right.length() + 1];
        Arrays.setAll(previous, i -> i);
        for (int i = 1; i <= left.length(); i++) {
            int[] current = new int[right.length() + 1];
            current[0] = i;
            for (int j = 1; j <= right.length(); j++) {
                int change = Character.toLowerCase(left.charAt(i - 1)) == right.charAt(j - 1) ? 0 : 1;
                current[j] = Math.min(previous[j - 1] + change, 1 + Math.min(previous[j], current[j - 1]));
            }
            previous = current;
        }
        return previous[right.length()];
    }
}
