package io.skyroll.sinks.verify;

import java.util.ArrayList;
import java.util.List;

/** The checks that have begun, in their order. Owned by one thread. */
final class Checks {
    private final List<Check> checks = new ArrayList<>();

    /** Begins one. */
    Check begin(String catalog, Kind kind) {
        Check check = new Check(catalog, kind);
        checks.add(check);
        return check;
    }

    Report report() {
        return new Report(checks.stream().map(Check::result).toList());
    }
}
