package io.skyroll.sinks.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.position.Position;
import io.skyroll.sinks.dataset.FolderFile;
import io.skyroll.sinks.dataset.FolderRule;
import io.skyroll.sinks.merge.Border;
import io.skyroll.sinks.merge.Leaf;
import io.skyroll.sinks.storage.InMemoryStore;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The objects of the chain, to the byte: a change that breaks one of these cannot read collections that exist. */
class ChainGoldenTest {
    private final InMemoryStore store = new InMemoryStore();
    private final Chain chain = new Chain(store);

    @Test
    void generation() throws IOException {
        Generation generation = new Generation(
                1, "p.public.stars.sky", "AbCd", "cluster", new SkyLayout(12, 0, 10, 1_000_000, true, 100_000, 5));

        assertThat(chain.create(generation)).isTrue();

        assertThat(text("_skyroll/generations/1"))
                .isEqualTo(
                        "{\"number\":1,\"topic\":\"p.public.stars.sky\",\"topic_id\":\"AbCd\",\"cluster_id\":\"cluster\",\"layout\":"
                                + "{\"partitions\":12,\"lowest_order\":0,\"highest_order\":10,\"pixel_threshold_rows\":1000000,"
                                + "\"drop_empty_siblings\":true,\"row_group_rows\":100000,\"margin_threshold_arcsec\":5.0}}\n");
        assertThat(chain.newestGeneration()).contains(generation);
    }

    @Test
    void step() throws IOException {
        Step step = new Step(7, new Position(1, 0x16B3748L, 0));

        assertThat(chain.create(1, step)).isTrue();
        assertThat(chain.create(1, new Step(7, Position.ORIGIN))).isFalse();

        assertThat(text("_skyroll/steps/1/7")).isEqualTo("{\"number\":7,\"cut\":\"1:0/16B3748:0\"}\n");
        assertThat(chain.step(1, 7)).contains(step);
    }

    @Test
    void manifest() throws IOException {
        Manifest manifest = new SkyManifest(
                1,
                7,
                3,
                new Position(1, 0x16B3748L, 0),
                Instant.parse("2026-01-02T03:04:05.678901Z"),
                "7412",
                4711,
                9,
                "{\"type\":\"record\"}",
                100,
                Map.of("sky.null", 1L, "faint", 2L),
                97,
                "_skyroll/pool/g1-s000007-p003-x.counts",
                List.of(97L, 60L),
                Optional.of(new StepWork(5, 400, 2, 11, 9_000, 12_912, 1, 3)),
                List.of(new Leaf(
                        new Pixel(0, 4),
                        new Pixel(2, 66),
                        97,
                        2,
                        12_345,
                        "ab12",
                        "_skyroll/pool/g1-s000007-p003-y.parquet",
                        Optional.of(new Border(4, 567, "cd34", "_skyroll/pool/g1-s000007-p003-z.border.parquet")))));

        assertThat(chain.create(manifest)).isTrue();

        assertThat(text("_skyroll/manifests/1/7/3"))
                .isEqualTo(
                        "{\"generation\":1,\"step\":7,\"partition\":3,\"cut\":\"1:0/16B3748:0\",\"cut_time\":\"2026-01-02T03:04:05.678901Z\","
                                + "\"system\":\"7412\",\"restart_offset\":4711,\"schema_id\":9,\"schema\":\"{\\\"type\\\":\\\"record\\\"}\","
                                + "\"rows_in\":100,\"rejects\":{\"faint\":2,\"sky.null\":1},\"rows\":97,"
                                + "\"counts_file\":\"_skyroll/pool/g1-s000007-p003-x.counts\",\"max_per_order\":[97,60],"
                                + "\"work\":{\"changes\":5,\"change_bytes\":400,\"groups_decoded\":2,\"groups_copied\":11,"
                                + "\"bytes_copied\":9000,\"bytes_written\":12912,\"files_written\":1,\"files_kept\":3},"
                                + "\"leaves\":[{\"top\":\"0/4\",\"branch\":\"2/66\",\"rows\":97,\"groups\":2,\"bytes\":12345,"
                                + "\"sha256\":\"ab12\",\"file\":\"_skyroll/pool/g1-s000007-p003-y.parquet\","
                                + "\"border\":{\"rows\":4,\"bytes\":567,\"sha256\":\"cd34\","
                                + "\"file\":\"_skyroll/pool/g1-s000007-p003-z.border.parquet\"}}]}\n");
        assertThat(chain.manifest(1, 7, 3)).contains(manifest);
        assertThat(chain.manifestCount(1, 7)).isEqualTo(1);
    }

    @Test
    void generationOfADataset() throws IOException {
        DatasetLayout layout =
                new DatasetLayout.OnSky(12, List.of(FolderRule.parse("band"), FolderRule.parse("year(seen)")), false);
        Generation generation = new Generation(2, "p.public.stars.sky", "AbCd", "cluster", layout);

        assertThat(chain.create(generation)).isTrue();

        assertThat(text("_skyroll/generations/2"))
                .isEqualTo(
                        "{\"number\":2,\"topic\":\"p.public.stars.sky\",\"topic_id\":\"AbCd\",\"cluster_id\":\"cluster\",\"layout\":"
                                + "{\"partitions\":12,\"folders\":[\"band\",\"year(seen)\"],\"single_file\":false}}\n");
        assertThat(chain.newestGeneration()).contains(generation);
    }

    @Test
    void generationOfADatasetWithoutPlacesOnTheSky() throws IOException {
        DatasetLayout layout = new DatasetLayout.ByKey(12, List.of(FolderRule.parse("band")), false);
        Generation generation = new Generation(2, "p.public.orbits.sky", "AbCd", "cluster", layout);

        assertThat(chain.create(generation)).isTrue();

        assertThat(text("_skyroll/generations/2"))
                .isEqualTo(
                        "{\"number\":2,\"topic\":\"p.public.orbits.sky\",\"topic_id\":\"AbCd\",\"cluster_id\":\"cluster\",\"layout\":"
                                + "{\"hash_buckets\":12,\"folders\":[\"band\"],\"single_file\":false}}\n");
        assertThat(chain.newestGeneration()).contains(generation);
    }

    @Test
    void manifestOfADataset() throws IOException {
        Manifest manifest = new DatasetManifest(
                1,
                7,
                3,
                new Position(1, 0x16B3748L, 0),
                Instant.parse("2026-01-02T03:04:05.678901Z"),
                "7412",
                4711,
                9,
                "{\"type\":\"record\"}",
                100,
                Map.of("faint", 2L),
                Optional.of(new StepWork(5, 400, 2, 11, 9_000, 12_345, 1, 3)),
                List.of(new FolderFile(
                        "band=r/year=2024",
                        List.of("020272"),
                        Instant.parse("2026-01-02T03:04:05Z"),
                        97,
                        2,
                        20_000,
                        12_345,
                        "ab12",
                        "_skyroll/pool/g1-s000007-p003-y.parquet")));

        assertThat(chain.create(manifest)).isTrue();

        assertThat(text("_skyroll/manifests/1/7/3"))
                .isEqualTo(
                        "{\"generation\":1,\"step\":7,\"partition\":3,\"cut\":\"1:0/16B3748:0\",\"cut_time\":\"2026-01-02T03:04:05.678901Z\","
                                + "\"system\":\"7412\",\"restart_offset\":4711,\"schema_id\":9,\"schema\":\"{\\\"type\\\":\\\"record\\\"}\","
                                + "\"rows_in\":100,\"rejects\":{\"faint\":2},"
                                + "\"work\":{\"changes\":5,\"change_bytes\":400,\"groups_decoded\":2,\"groups_copied\":11,"
                                + "\"bytes_copied\":9000,\"bytes_written\":12345,\"files_written\":1,\"files_kept\":3},"
                                + "\"files\":[{\"folder\":\"band=r/year=2024\",\"values\":[\"020272\"],\"begun\":\"2026-01-02T03:04:05Z\","
                                + "\"rows\":97,\"groups\":2,\"raw_bytes\":20000,\"bytes\":12345,\"sha256\":\"ab12\","
                                + "\"file\":\"_skyroll/pool/g1-s000007-p003-y.parquet\"}]}\n");
        assertThat(chain.manifest(1, 7, 3)).contains(manifest);
        assertThat(manifest.poolFiles()).containsExactly("_skyroll/pool/g1-s000007-p003-y.parquet");
    }

    @Test
    void manifestsOfBeforeWorkWasCountedStillRead() throws IOException {
        String common =
                "{\"generation\":1,\"step\":7,\"partition\":%d,\"cut\":\"1:0/16B3748:0\",\"cut_time\":\"2026-01-02T03:04:05Z\","
                        + "\"system\":\"7412\",\"restart_offset\":4711,\"schema_id\":9,\"schema\":\"{}\",\"rows_in\":100,\"rejects\":{},%s}";
        store.replace(
                "_skyroll/manifests/1/7/3",
                common.formatted(
                                3,
                                "\"rows\":0,\"counts_file\":\"_skyroll/pool/x.counts\",\"max_per_order\":[0],\"leaves\":[]")
                        .getBytes(StandardCharsets.UTF_8));
        store.replace(
                "_skyroll/manifests/1/7/4", common.formatted(4, "\"files\":[]").getBytes(StandardCharsets.UTF_8));

        Manifest sky = chain.manifest(1, 7, 3).orElseThrow();
        Manifest dataset = chain.manifest(1, 7, 4).orElseThrow();

        assertThat(sky).isInstanceOf(SkyManifest.class);
        assertThat(dataset).isInstanceOf(DatasetManifest.class);
        assertThat(sky.work()).isEmpty();
        assertThat(Manifest.work(List.of(sky, dataset))).isEmpty();
    }

    @Test
    void versionAndPins() throws IOException {
        Version version = new Version(1, 7, new Position(1, 0x16B3748L, 0), Instant.parse("2026-01-02T03:04:05Z"));

        assertThat(chain.create(version)).isTrue();
        chain.pin(version);
        assertThat(chain.pin()).contains(new Pin(1, 1, 7));
        chain.release();

        assertThat(text("_skyroll/versions/1/7"))
                .isEqualTo(
                        "{\"generation\":1,\"number\":7,\"cut\":\"1:0/16B3748:0\",\"created\":\"2026-01-02T03:04:05Z\"}\n");
        assertThat(text("_skyroll/pins/1")).isEqualTo("{\"number\":1,\"generation\":1,\"version\":7}\n");
        assertThat(text("_skyroll/pins/2")).isEqualTo("{\"number\":2,\"generation\":0,\"version\":0}\n");
        assertThat(chain.pin()).isEmpty();
        assertThat(chain.newestVersion(1)).contains(version);
        assertThat(version.directory("stars")).isEqualTo("stars_g1_v000007");
    }

    @Test
    void numbersAreOrderedAsNumbers() throws IOException {
        for (long number : new long[] {9, 10, 2, 100}) {
            assertThat(chain.create(new Version(1, number, Position.ORIGIN, Instant.EPOCH)))
                    .isTrue();
        }

        assertThat(chain.versions(1)).containsExactly(2L, 9L, 10L, 100L);
        assertThat(chain.newestVersion(1).map(Version::number)).contains(100L);
    }

    @Test
    void damagedObjectSaysWhichAndWhatToDo() throws IOException {
        store.replace("_skyroll/steps/1/7", "{\"number\":".getBytes(StandardCharsets.UTF_8));

        assertThatThrownBy(() -> chain.step(1, 7))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining(
                        "_skyroll/steps/1/7 is not a Step: restore it from a backup, or start a new generation");
    }

    private String text(String path) throws IOException {
        return new String(store.read(path).orElseThrow(), StandardCharsets.UTF_8);
    }
}
