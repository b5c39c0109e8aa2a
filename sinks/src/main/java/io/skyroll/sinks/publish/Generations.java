package io.skyroll.sinks.publish;

import io.skyroll.schemas.failure.SkyrollException;
import java.io.IOException;
import java.util.Optional;

/** Opens the generation of a collection that a sink is to go on with, or begins one. */
public final class Generations {
    private final Chain chain;

    public Generations(Chain chain) {
        this.chain = chain;
    }

    /**
     * The newest generation, begun if there is none.
     *
     * @param wanted topic and layout of this run; its number is ignored
     * @throws SkyrollException when the newest generation reads another topic or has another layout
     */
    public Generation open(Generation wanted) throws IOException {
        Optional<Generation> newest = chain.newestGeneration();
        if (newest.isEmpty()) {
            chain.create(numbered(wanted, 1));
            newest = chain.newestGeneration();
        }
        Generation found = newest.orElseThrow();
        verifySame(found, wanted);
        return found;
    }

    /** Begins a new generation: its first version starts empty and replaces those of the generation before. */
    public Generation begin(Generation wanted) throws IOException {
        while (true) {
            Optional<Generation> newest = chain.newestGeneration();
            newest.ifPresent(former -> verifySameKind(former, wanted));
            int next = newest.map(Generation::number).orElse(0) + 1;
            Generation begun = numbered(wanted, next);
            if (chain.create(begun)) {
                return begun;
            }
        }
    }

    /** Readers of another kind would go on seeing the former versions, until these are removed. */
    private static void verifySameKind(Generation former, Generation wanted) {
        if (!former.layout().kind().equals(wanted.layout().kind())) {
            throw SkyrollException.configuration(
                    "this is the directory of a catalog of type %s, and the pipeline says %s: give catalog.path another one"
                            .formatted(former.layout().kind(), wanted.layout().kind()));
        }
    }

    private static void verifySame(Generation found, Generation wanted) {
        verifySameKind(found, wanted);
        if (!found.layout().equals(wanted.layout())) {
            throw SkyrollException.configuration(
                    "the catalog's generation %d was laid out as %s, the pipeline says %s: go back to the former, or start again with --new-generation"
                            .formatted(found.number(), found.layout(), wanted.layout()));
        }
        if (!found.topicId().equals(wanted.topicId()) || !found.clusterId().equals(wanted.clusterId())) {
            throw SkyrollException.configuration(
                    "the catalog's generation %d was read from topic %s with id %s in cluster %s; the topic is now %s with id %s in cluster %s, so its offsets mean something else: start again with --new-generation"
                            .formatted(
                                    found.number(),
                                    found.topic(),
                                    found.topicId(),
                                    found.clusterId(),
                                    wanted.topic(),
                                    wanted.topicId(),
                                    wanted.clusterId()));
        }
    }

    private static Generation numbered(Generation generation, int number) {
        return new Generation(
                number, generation.topic(), generation.topicId(), generation.clusterId(), generation.layout());
    }
}
