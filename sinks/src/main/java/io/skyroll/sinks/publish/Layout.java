package io.skyroll.sinks.publish;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;

/**
 * What decides how rows are divided into files. It is fixed for a generation: two versions with different layouts could not share
 * files. Which of the kinds a stored one is of, its keys tell.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.DEDUCTION)
@JsonSubTypes({
    @JsonSubTypes.Type(SkyLayout.class),
    @JsonSubTypes.Type(DatasetLayout.OnSky.class),
    @JsonSubTypes.Type(DatasetLayout.ByKey.class)
})
public sealed interface Layout permits SkyLayout, DatasetLayout {

    /** Partitions of the sky topic. */
    int partitions();

    /** What pipeline files call catalogs that are laid out so. */
    String kind();

    /** The order of the cells that decide which rows a margin holds, above the highest order of leaves; 0 without margins. */
    int marginOrder();
}
