package io.skyroll.producers.libpq;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How a connection is encrypted. Immutable.
 *
 * @param mode disable, allow, prefer, require, verify-ca or verify-full; as in libpq, require becomes verify-ca where there
 *     is a root certificate
 * @param rootCertificate the certificates that are trusted
 * @param certificate the client's certificate, only if there is one
 * @param key the client's private key (PKCS #8, PEM or DER), only with a certificate
 * @param keyPassword what the key is encrypted with
 */
public record SslSettings(
        String mode,
        Optional<Path> rootCertificate,
        Optional<Path> certificate,
        Optional<Path> key,
        Password keyPassword) {
    boolean verifiesCertificate() {
        return mode.startsWith("verify-");
    }
}
