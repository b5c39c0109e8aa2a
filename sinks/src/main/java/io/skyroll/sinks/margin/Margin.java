package io.skyroll.sinks.margin;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.merge.Border;
import java.util.Optional;

/**
 * The margin of a pixel: the rows outside it whose cell of the margin's order has a neighbour inside it.
 *
 * @param pixel a pixel of the catalog, or of the sky that it does not cover
 * @param sources what the rows were taken from, see {@link MarginSources#digest}
 * @param file the margin file in the pool, empty if the margin has no rows
 */
public record Margin(
        @JsonProperty("pixel") Pixel pixel,
        @JsonProperty("sources") String sources,
        @JsonProperty("file") Optional<Border> file) {}
