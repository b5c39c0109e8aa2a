package io.skyroll.sinks.publish;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.skyroll.schemas.failure.SkyrollException;

/**
 * The head of a line of versions that continue each other: what they read and how they lay rows out. Another topic, or another
 * layout, takes another generation.
 *
 * @param number from 1
 * @param topic the sky topic's name
 * @param topicId Kafka's id of the topic: a topic made anew under the old name has another, and other offsets
 * @param clusterId Kafka's id of the cluster
 */
public record Generation(
        @JsonProperty("number") int number,
        @JsonProperty("topic") String topic,
        @JsonProperty("topic_id") String topicId,
        @JsonProperty("cluster_id") String clusterId,
        @JsonProperty("layout") Layout layout) {

    /** Whether both read one and the same topic, so that their cuts follow each other. */
    boolean readsWhat(Generation other) {
        return topicId.equals(other.topicId) && clusterId.equals(other.clusterId);
    }

    /**
     * The layout of a HATS catalog.
     *
     * @throws SkyrollException when the generation is of a dataset
     */
    public SkyLayout skyLayout() {
        if (layout instanceof SkyLayout sky) {
            return sky;
        }
        throw SkyrollException.defect("generation %d is of a dataset, not of a HATS catalog".formatted(number));
    }

    /**
     * The layout of a dataset.
     *
     * @throws SkyrollException when the generation is of a HATS catalog
     */
    public DatasetLayout datasetLayout() {
        if (layout instanceof DatasetLayout dataset) {
            return dataset;
        }
        throw SkyrollException.defect("generation %d is of a HATS catalog, not of a dataset".formatted(number));
    }
}
