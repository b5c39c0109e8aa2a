package io.skyroll.sinks.publish;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.skyroll.schemas.position.Position;
import java.time.Instant;
import java.util.Comparator;

/**
 * A committed version of a catalog. Creating this object is the commit.
 *
 * @param generation from 1
 * @param number from 1 within the generation
 * @param cut the position of the source that the version shows exactly
 * @param created when it was committed, to the second
 */
public record Version(
        @JsonProperty("generation") int generation,
        @JsonProperty("number") long number,
        @JsonProperty("cut") Position cut,
        @JsonProperty("created") Instant created)
        implements Comparable<Version> {
    private static final Comparator<Version> ORDER =
            Comparator.comparingInt(Version::generation).thenComparingLong(Version::number);

    /** The name of the version's directory in the collection. */
    public String directory(String catalog) {
        return "%s_g%d_v%06d".formatted(catalog, generation, number);
    }

    /**
     * The name of the directory of the version's margin catalog. Other than a version's own directory it does not end in a digit, so none is
     * mistaken for the other, whatever the catalog is called.
     */
    public String marginDirectory(String catalog) {
        return directory(catalog) + "_margin";
    }

    @Override
    public int compareTo(Version other) {
        return ORDER.compare(this, other);
    }
}
