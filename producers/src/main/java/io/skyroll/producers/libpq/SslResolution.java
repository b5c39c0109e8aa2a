package io.skyroll.producers.libpq;

import io.skyroll.schemas.failure.SkyrollException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;

/** Finds certificates and keys, and with them what the mode of encryption means. Used once, by one thread. */
final class SslResolution {
    private static final Set<String> MODES =
            Set.of("disable", "allow", "prefer", "require", "verify-ca", "verify-full");

    private final Parameters parameters;
    private final Surroundings surroundings;

    SslResolution(Parameters parameters, Surroundings surroundings) {
        this.parameters = parameters;
        this.surroundings = surroundings;
    }

    SslSettings settings() {
        String mode = parameters.find(Keyword.SSLMODE).orElse("prefer");
        if (!MODES.contains(mode)) {
            throw SkyrollException.configuration("invalid sslmode value: \"%s\"".formatted(mode));
        }
        Path root = file(Keyword.SSLROOTCERT, "root.crt");
        boolean rooted = Files.exists(root);
        if (mode.startsWith("verify-") && !rooted) {
            throw SkyrollException.configuration(("root certificate file \"%s\" does not exist; either provide the file"
                            + " or change sslmode to disable server certificate verification")
                    .formatted(root));
        }
        Path certificate = file(Keyword.SSLCERT, "postgresql.crt");
        // As in libpq, a certificate that does not exist is not sent, even one that was asked for.
        boolean certified = !mode.equals("disable") && Files.exists(certificate);
        Path key = file(Keyword.SSLKEY, "postgresql.key");
        if (certified && !Files.exists(key)) {
            throw SkyrollException.configuration("certificate present, but not private key file \"%s\"".formatted(key));
        }
        return new SslSettings(
                mode.equals("require") && rooted ? "verify-ca" : mode,
                rooted ? Optional.of(root) : Optional.empty(),
                certified ? Optional.of(certificate) : Optional.empty(),
                certified ? Optional.of(key) : Optional.empty(),
                parameters.text(Keyword.SSLPASSWORD).map(Password::of).orElse(Password.NONE));
    }

    private Path file(Keyword keyword, String name) {
        return parameters.text(keyword).map(Path::of).orElseGet(() -> surroundings.certificateFile(name));
    }
}
