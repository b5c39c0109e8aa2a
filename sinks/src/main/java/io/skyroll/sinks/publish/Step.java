package io.skyroll.sinks.publish;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.skyroll.schemas.position.Position;

/**
 * Which cut becomes a version: written by the first partition that proposes it, followed by all.
 *
 * @param number from 1 within the generation; the number of the version that it becomes
 * @param cut the cut's position
 */
public record Step(@JsonProperty("number") long number, @JsonProperty("cut") Position cut) {}
