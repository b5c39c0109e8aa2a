package io.skyroll.sinks.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.storage.InMemoryStore;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class GenerationsTest {
    private final Store store = new InMemoryStore();
    private final Generations generations = new Generations(new Chain(store));

    @Test
    void firstRunBeginsAndLaterRunsGoOn() throws IOException {
        Generation first = generations.open(wanted("id", 100));

        assertThat(first.number()).isEqualTo(1);
        assertThat(generations.open(wanted("id", 100))).isEqualTo(first);
    }

    @Test
    void anotherLayoutIsRefusedUntilANewGenerationIsBegun() throws IOException {
        generations.open(wanted("id", 100));

        assertThatThrownBy(() -> generations.open(wanted("id", 200)))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("thresholdRows=100,")
                .hasMessageEndingWith("go back to the former, or start again with --new-generation");
        assertThat(generations.begin(wanted("id", 200)).number()).isEqualTo(2);
        assertThat(generations.open(wanted("id", 200)).number()).isEqualTo(2);
    }

    @Test
    void datasetThatLosesItsPlacesOnTheSkyIsRefusedUntilANewGenerationIsBegun() throws IOException {
        Generation onSky = new Generation(0, "t.sky", "id", "c", new DatasetLayout.OnSky(12, List.of(), false));
        Generation byKey = new Generation(0, "t.sky", "id", "c", new DatasetLayout.ByKey(12, List.of(), false));
        generations.open(onSky);

        assertThatThrownBy(() -> generations.open(byKey))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "the catalog's generation 1 was laid out as OnSky[partitions=12, folders=[], singleFile=false], the pipeline says ByKey[partitions=12, folders=[], singleFile=false]: go back to the former, or start again with --new-generation");
        assertThat(generations.begin(byKey).number()).isEqualTo(2);
    }

    @Test
    void catalogOfAnotherTypeIsRefusedEvenForANewGeneration() throws IOException {
        generations.open(wanted("id", 100));
        Generation dataset = new Generation(0, "t.sky", "id", "c", new DatasetLayout.OnSky(12, List.of(), false));

        assertThatThrownBy(() -> generations.open(dataset)).isInstanceOf(SkyrollException.class);
        assertThatThrownBy(() -> generations.begin(dataset))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "this is the directory of a catalog of type hats, and the pipeline says parquet: give catalog.path another one");
    }

    @Test
    void topicThatWasMadeAnewIsRefusedSinceItsOffsetsMeanSomethingElse() throws IOException {
        generations.open(wanted("id", 100));

        assertThatThrownBy(() -> generations.open(wanted("other", 100)))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "the catalog's generation 1 was read from topic t.sky with id id in cluster c; the topic is now t.sky with id other in cluster c, so its offsets mean something else: start again with --new-generation");
    }

    @Test
    void passingFilesOfTheObjectStoreAreNoGenerations() throws IOException {
        generations.open(wanted("id", 100));
        store.createIfAbsent("_skyroll/generations/2-a4963e6d", new byte[1]);

        assertThat(generations.open(wanted("id", 100)).number()).isEqualTo(1);
    }

    private static Generation wanted(String topicId, long threshold) {
        return new Generation(0, "t.sky", topicId, "c", new SkyLayout(12, 0, 10, threshold, true, 50, 5));
    }
}
