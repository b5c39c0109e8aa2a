package io.skyroll.local;

/** A request the registry refuses, with the Confluent registry's error code; its first three digits are the HTTP status. */
final class RegistryException extends RuntimeException {

    private final int code;

    RegistryException(int code, String message) {
        super(message);
        this.code = code;
    }

    static RegistryException subjectNotFound(String subject) {
        return new RegistryException(40401, "Subject '%s' not found.".formatted(subject));
    }

    static RegistryException versionNotFound(String version) {
        return new RegistryException(40402, "Version %s not found.".formatted(version));
    }

    static RegistryException schemaNotFound() {
        return new RegistryException(40403, "Schema not found");
    }

    static RegistryException invalidSchema(String reason) {
        return new RegistryException(42201, "Invalid schema: " + reason);
    }

    int code() {
        return code;
    }

    int status() {
        return code < 1000 ? code : code / 100;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
