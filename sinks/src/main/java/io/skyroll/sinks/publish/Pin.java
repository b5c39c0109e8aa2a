package io.skyroll.sinks.publish;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Holds readers at an older version (a rollback), or lets them go on. The pin with the greatest number counts.
 *
 * @param number from 1
 * @param generation of the version that readers are to see; 0 releases
 * @param version its number; 0 releases
 */
public record Pin(
        @JsonProperty("number") long number,
        @JsonProperty("generation") int generation,
        @JsonProperty("version") long version) {

    static Pin release(long number) {
        return new Pin(number, 0, 0);
    }

    boolean holds() {
        return generation > 0;
    }
}
