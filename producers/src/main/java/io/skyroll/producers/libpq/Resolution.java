package io.skyroll.producers.libpq;

import io.skyroll.schemas.failure.SkyrollException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Makes settings of parameters: fills in defaults and checks values. Used once, by one thread. */
final class Resolution {
    private static final Logger log = LoggerFactory.getLogger(Resolution.class);

    private static final Set<String> THREE_WAYS = Set.of("disable", "prefer", "require");

    /** libpq 15 waits no shorter, since one second can be none. */
    private static final int SHORTEST_TIMEOUT_SECONDS = 2;

    /** The driver counts it in milliseconds, in an int. */
    private static final int LONGEST_TIMEOUT_SECONDS = Integer.MAX_VALUE / 1000;

    /** Values of parameters that the driver has not which ask for nothing that it does not do. */
    private static final Map<Keyword, Set<String>> HARMLESS = Map.of(
            Keyword.CLIENT_ENCODING, Set.of("UTF8", "UTF-8", "utf8", "utf-8", "auto"),
            Keyword.LOAD_BALANCE_HOSTS, Set.of("disable"),
            Keyword.SSLCERTMODE, Set.of("allow"),
            Keyword.SSLCOMPRESSION, Set.of("0"),
            Keyword.SSLSNI, Set.of("1"),
            Keyword.SSL_MIN_PROTOCOL_VERSION, Set.of("TLSv1", "TLSv1.1", "TLSv1.2"),
            Keyword.SSL_MAX_PROTOCOL_VERSION, Set.of("TLSv1.3"),
            Keyword.GSSDELEGATION, Set.of("0"));

    private final Parameters parameters;
    private final Surroundings surroundings;

    Resolution(Parameters parameters, Surroundings surroundings) {
        this.parameters = parameters;
        this.surroundings = surroundings;
    }

    ConnectionSettings settings() {
        String user = parameters.text(Keyword.USER).orElse(surroundings.osUser());
        String database = parameters.text(Keyword.DBNAME).orElse(user);
        SslSettings ssl = new SslResolution(parameters, surroundings).settings();
        checkUnsupported(ssl);
        return new ConnectionSettings(
                new ServerList(parameters, surroundings).servers(database, user, ssl),
                database,
                user,
                ssl,
                TargetSession.parse(
                        parameters.find(Keyword.TARGET_SESSION_ATTRS).orElse("any")),
                driver(),
                session());
    }

    private void checkUnsupported(SslSettings ssl) {
        for (Keyword keyword : Keyword.values()) {
            String value = parameters.find(keyword).orElse("");
            if (value.isEmpty() || HARMLESS.getOrDefault(keyword, Set.of()).contains(value)) {
                continue;
            }
            boolean revocation = keyword == Keyword.SSLCRL || keyword == Keyword.SSLCRLDIR;
            switch (keyword.effect()) {
                case APPLIED -> {}
                case IGNORED -> log.atWarn()
                        .addKeyValue("parameter", keyword.text())
                        .log("connection parameter has no effect over JDBC");
                case REFUSED -> {
                    // As in libpq, revocation lists matter only where certificates are checked.
                    if (!revocation || ssl.verifiesCertificate()) {
                        throw SkyrollException.configuration(
                                "connection option \"%s\" cannot be honoured over JDBC with the value \"%s\": remove it%s"
                                        .formatted(
                                                keyword.text(),
                                                value,
                                                keyword.variable()
                                                        .map(name -> " (environment variable %s)".formatted(name))
                                                        .orElse("")));
                    }
                }
            }
        }
    }

    private Map<String, String> driver() {
        Map<String, String> driver = new HashMap<>();
        parameters
                .text(Keyword.APPLICATION_NAME)
                .or(() -> parameters.text(Keyword.FALLBACK_APPLICATION_NAME))
                .ifPresent(name -> driver.put("ApplicationName", name));
        parameters.text(Keyword.OPTIONS).ifPresent(options -> driver.put("options", options));
        parameters.text(Keyword.KRBSRVNAME).ifPresent(name -> driver.put("kerberosServerName", name));
        parameters.text(Keyword.REQUIRE_AUTH).ifPresent(methods -> driver.put("requireAuth", methods));
        putChecked(driver, Keyword.CHANNEL_BINDING, "channelBinding", THREE_WAYS);
        putChecked(driver, Keyword.GSSENCMODE, "gssEncMode", THREE_WAYS);
        putChecked(driver, Keyword.SSLNEGOTIATION, "sslNegotiation", Set.of("postgres", "direct"));
        driver.put("connectTimeout", Integer.toString(connectTimeoutSeconds()));
        // On by default in libpq, and off in the driver; a snapshot can keep a connection silent for hours.
        boolean keepAlive = parameters
                        .text(Keyword.KEEPALIVES)
                        .map(Keyword.KEEPALIVES::integer)
                        .orElse(1)
                != 0;
        driver.put("tcpKeepAlive", Boolean.toString(keepAlive));
        return driver;
    }

    private void putChecked(Map<String, String> driver, Keyword keyword, String property, Set<String> allowed) {
        parameters.find(keyword).ifPresent(value -> {
            if (!allowed.contains(value)) {
                throw SkyrollException.configuration("invalid %s value: \"%s\"".formatted(keyword.text(), value));
            }
            driver.put(property, value);
        });
    }

    /** 0 waits for ever. */
    private int connectTimeoutSeconds() {
        int seconds = parameters
                .text(Keyword.CONNECT_TIMEOUT)
                .map(Keyword.CONNECT_TIMEOUT::integer)
                .orElse(0);
        return seconds <= 0 ? 0 : Math.min(Math.max(seconds, SHORTEST_TIMEOUT_SECONDS), LONGEST_TIMEOUT_SECONDS);
    }

    /** What libpq sends along for variables that are no connection parameters. */
    private Map<String, String> session() {
        Map<String, String> session = new HashMap<>();
        Map.of("PGTZ", "timezone", "PGGEQO", "geqo").forEach((variable, parameter) -> {
            String value = surroundings.environment().getOrDefault(variable, "");
            if (!value.isEmpty() && !value.toLowerCase(Locale.ROOT).equals("default")) {
                session.put(parameter, value);
            }
        });
        if (surroundings.environment().containsKey("PGDATESTYLE")) {
            log.atWarn()
                    .addKeyValue("parameter", "PGDATESTYLE")
                    .log("connection parameter has no effect over JDBC, which needs the ISO style");
        }
        return session;
    }
}
