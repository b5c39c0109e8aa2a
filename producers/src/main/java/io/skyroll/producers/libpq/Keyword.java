package io.skyroll.producers.libpq;

import io.skyroll.schemas.failure.SkyrollException;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A connection parameter that we honour, with its environment variable and pgjdbc's property for it. */
enum Keyword {
    SERVICE("service", "PGSERVICE", null),
    HOST("host", "PGHOST", null),
    HOSTADDR("hostaddr", "PGHOSTADDR", null),
    PORT("port", "PGPORT", null),
    DBNAME("dbname", "PGDATABASE", null),
    USER("user", "PGUSER", "user"),
    PASSWORD("password", "PGPASSWORD", null),
    PASSFILE("passfile", "PGPASSFILE", null),
    OPTIONS("options", "PGOPTIONS", "options"),
    APPLICATION_NAME("application_name", "PGAPPNAME", "ApplicationName"),
    CONNECT_TIMEOUT("connect_timeout", "PGCONNECT_TIMEOUT", "connectTimeout"),
    SSLMODE("sslmode", "PGSSLMODE", "sslmode"),
    SSLCERT("sslcert", "PGSSLCERT", "sslcert"),
    SSLKEY("sslkey", "PGSSLKEY", "sslkey"),
    SSLROOTCERT("sslrootcert", "PGSSLROOTCERT", "sslrootcert"),
    CHANNEL_BINDING("channel_binding", "PGCHANNELBINDING", "channelBinding"),
    GSSENCMODE("gssencmode", "PGGSSENCMODE", "gssEncMode"),
    KRBSRVNAME("krbsrvname", "PGKRBSRVNAME", "kerberosServerName"),
    TARGET_SESSION_ATTRS("target_session_attrs", "PGTARGETSESSIONATTRS", null);

    private final String word;
    private final String variable;
    private final @Nullable String jdbcProperty;

    Keyword(String word, String variable, @Nullable String jdbcProperty) {
        this.word = word;
        this.variable = variable;
        this.jdbcProperty = jdbcProperty;
    }

    String word() {
        return word;
    }

    /** The value in the environment; an empty one counts as unset. */
    Optional<String> in(Map<String, String> environment) {
        return Optional.ofNullable(environment.get(variable)).filter(value -> !value.isEmpty());
    }

    /** The pgjdbc property that takes the value as it is; empty when we translate it. */
    Optional<String> jdbcProperty() {
        return Optional.ofNullable(jdbcProperty);
    }

    static Optional<Keyword> find(String word) {
        return Arrays.stream(values())
                .filter(keyword -> keyword.word.equals(word))
                .findFirst();
    }

    static Keyword parse(String word, String where) {
        return find(word)
                .orElseThrow(() -> SkyrollException.configuration("%s: invalid connection option \"%s\"; known are %s"
                        .formatted(
                                where,
                                word,
                                Arrays.stream(values()).map(Keyword::word).toList())));
    }
}
