package io.skyroll.sinks.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.hats.CatalogProperties;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The 17,161 detections of hats-import's small_sky_source, published by the sinks' own code; see NOTICE.txt beside the data. */
class SmallSkyTest {
    @TempDir
    private Path directory = Path.of("");

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void partitionsAreUpstreamsFourteen(boolean dropEmptySiblings) throws Exception {
        List<String> rows = SmallSkyCatalog.rows();
        SmallSkyCatalog catalog = new SmallSkyCatalog(directory.resolve("all"), dropEmptySiblings);
        catalog.publish(rows, 1);

        Stream<Pixel> others = dropEmptySiblings
                ? Stream.of(new Pixel(1, 47), new Pixel(2, 66))
                : Stream.of(new Pixel(1, 47), new Pixel(0, 4));
        assertThat(catalog.pixels())
                .containsExactlyInAnyOrderElementsOf(
                        Stream.concat(others, LongStream.rangeClosed(176, 187).mapToObj(npix -> new Pixel(2, npix)))
                                .toList());
        assertThat(rows).hasSize(17_161);
    }

    @Test
    void tenRowSetsWithACutEachGiveWhatAFreshRunGives() throws Exception {
        long seed = Long.getLong("test.seed", System.nanoTime());
        List<String> rows = SmallSkyCatalog.rows();
        Collections.shuffle(rows, new Random(seed));
        SmallSkyCatalog grown = new SmallSkyCatalog(directory.resolve("grown"), true);
        for (int part = 1; part <= 10; part++) {
            int from = rows.size() * (part - 1) / 10;
            int to = rows.size() * part / 10;
            grown.publish(rows.subList(from, to), part);
            SmallSkyCatalog fresh = new SmallSkyCatalog(directory.resolve("fresh" + part), true);
            fresh.publish(rows.subList(0, to), 1);

            assertThat(grown.leaves()).as("seed %d, part %d", seed, part).isEqualTo(fresh.leaves());
        }
    }

    @Test
    void aChangeOfOneRowDecodesOneRowGroupAndCopiesTheOthersOfItsLeaf() throws Exception {
        SmallSkyCatalog catalog = new SmallSkyCatalog(directory.resolve("changed"), true);
        catalog.publish(SmallSkyCatalog.rows(), 1);
        catalog.publish(SmallSkyCatalog.rows().subList(0, 1), 2);

        CatalogProperties properties = CatalogProperties.parse(Files.readAllBytes(
                directory.resolve("changed").resolve(catalog.version()).resolve(CatalogLayout.HATS_PROPERTIES)));

        assertThat(properties.extra().get("skyroll_work"))
                .startsWith("changes=1 change_bytes=")
                .contains(" groups_decoded=1 ", " files_written=1 ")
                .containsPattern(" groups_copied=[1-9][0-9]* .* files_kept=[1-9][0-9]* ");
    }

    @Test
    void duckDbReadsEveryRowBack() throws Exception {
        SmallSkyCatalog catalog = new SmallSkyCatalog(directory.resolve("all"), true);
        catalog.publish(SmallSkyCatalog.rows(), 1);
        Path csv = directory.resolve("rows.csv");
        try (InputStream in = SmallSkyCatalog.resource()) {
            Files.copy(in, csv);
        }
        String columns = "source_id, source_ra, source_dec, mjd, mag, band, object_id, object_ra, object_dec";
        String published = "SELECT %s FROM read_parquet('%s/dataset/**/*.parquet', hive_partitioning = false)"
                .formatted(columns, directory.resolve("all").resolve(catalog.version()));
        String expected = "SELECT %s FROM read_csv('%s', header = true)".formatted(columns, csv);
        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement()) {
            for (String query : List.of(published + " EXCEPT ALL " + expected, expected + " EXCEPT ALL " + published)) {
                try (ResultSet result = statement.executeQuery("SELECT count(*) FROM (%s)".formatted(query))) {
                    result.next();
                    assertThat(result.getLong(1)).as(query).isZero();
                }
            }
            try (ResultSet result = statement.executeQuery("SELECT count(*) FROM (%s)".formatted(published))) {
                result.next();
                assertThat(result.getLong(1)).isEqualTo(17_161);
            }
            Map<Long, Long> healpix = new TreeMap<>();
            try (ResultSet result = statement.executeQuery(published.replace(columns, "source_id, _healpix_29"))) {
                while (result.next()) {
                    healpix.put(result.getLong(1), result.getLong(2));
                }
            }
            for (String line : SmallSkyCatalog.rows()) {
                String[] fields = line.split(",", -1);
                assertThat(healpix.get(Long.parseLong(fields[0])))
                        .isEqualTo(Healpix.pixel(29, Double.parseDouble(fields[1]), Double.parseDouble(fields[2])));
            }
        }
    }
}
