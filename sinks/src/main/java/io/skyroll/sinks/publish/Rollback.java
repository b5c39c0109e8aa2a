package io.skyroll.sinks.publish;

import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.util.List;
import java.util.Optional;

/**
 * Moves readers back to an older version and lets them go on again. Versions go on being committed meanwhile; the pinned one is retained
 * until it is released.
 */
public final class Rollback {
    private final Chain chain;
    private final int retained;

    /**
     * @param retained how many of the newest versions sinks keep; older ones may be about to be removed
     */
    public Rollback(Chain chain, int retained) {
        this.chain = chain;
        this.retained = retained;
    }

    /**
     * Pins readers to a version of the newest generation.
     *
     * @throws SkyrollException when the version is not retained
     */
    public Version to(long number) throws IOException {
        Version version = retained(number);
        chain.pin(version);
        try {
            // Whoever collects garbage without knowing of the pin looked at the chain before it, so it keeps what is
            // retained now.
            return retained(number);
        } catch (SkyrollException overtaken) {
            chain.release();
            throw overtaken;
        }
    }

    /** Lets readers see the newest version again. */
    public void release() throws IOException {
        chain.release();
    }

    private Version retained(long number) throws IOException {
        int generation = chain.newestVersion().map(Version::generation).orElse(1);
        List<Long> versions = chain.versions(generation);
        List<Long> newest = versions.subList(Math.max(0, versions.size() - retained), versions.size());
        Optional<Version> version = newest.contains(number) ? chain.version(generation, number) : Optional.empty();
        return version.orElseThrow(() -> SkyrollException.configuration(
                "version %d is not retained; the newest generation (%d) has %s".formatted(number, generation, newest)));
    }
}
