package io.skyroll.sinks.publish;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.skyroll.sinks.margin.Margin;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A part of a step's margins. There are as many parts as partitions, so that several processes can share the work; a part has nothing else
 * to do with a partition.
 *
 * @param generation from 1
 * @param step the step's number
 * @param part from 0
 * @param margins in sky order, those without rows too
 */
public record MarginPart(
        @JsonProperty("generation") int generation,
        @JsonProperty("step") long step,
        @JsonProperty("part") int part,
        @JsonProperty("margins") List<Margin> margins) {
    public MarginPart {
        margins = List.copyOf(margins);
    }

    /** All margins of a step, none in a generation without margins; empty when a part is missing. */
    public static Optional<List<Margin>> all(Chain chain, Generation generation, long step) throws IOException {
        Layout layout = generation.layout();
        List<Margin> margins = new ArrayList<>();
        for (int part = 0; layout.marginOrder() > 0 && part < layout.partitions(); part++) {
            Optional<MarginPart> found = chain.marginPart(generation.number(), step, part);
            if (found.isEmpty()) {
                return Optional.empty();
            }
            margins.addAll(found.get().margins());
        }
        return Optional.of(margins);
    }
}
