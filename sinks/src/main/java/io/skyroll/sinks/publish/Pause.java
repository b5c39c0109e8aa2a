package io.skyroll.sinks.publish;

import com.fasterxml.jackson.annotation.JsonProperty;

/**
 * Holds publishing, or lets it go on. What comes meanwhile waits in the topic. The pause with the greatest number counts.
 *
 * @param number from 1
 * @param holds whether no version is to be begun
 */
record Pause(@JsonProperty("number") long number, @JsonProperty("holds") boolean holds) {}
