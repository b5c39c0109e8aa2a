package io.skyroll.schemas.failure;

/** Says who must act on a failure; each kind has one reaction and one process exit code. */
public enum FailureKind {
    /** The operator's input is wrong: stop before work, print the message without a stack trace. */
    CONFIGURATION(2),
    /** One record cannot be handled: reject it with its reason and go on. */
    BAD_RECORD(65),
    /** A system did not answer: retry within a budget, then stop and commit nothing; worth starting again later. */
    UNAVAILABLE(75),
    /** An invariant or stored data is broken: stop at once, commit nothing, print the stack trace. */
    DEFECT(1);

    private final int exitCode;

    FailureKind(int exitCode) {
        this.exitCode = exitCode;
    }

    /** The exit code of a process that ends with this failure. */
    public int exitCode() {
        return exitCode;
    }
}
