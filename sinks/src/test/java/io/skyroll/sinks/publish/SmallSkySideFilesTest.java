package io.skyroll.sinks.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.catalog.CatalogExtras;
import io.skyroll.sinks.catalog.Choice;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.hats.CatalogProperties;
import io.skyroll.sinks.hats.CellCounts;
import io.skyroll.sinks.hats.PointMap;
import io.skyroll.sinks.hats.Skymaps;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ParquetMetadata;
import org.apache.parquet.io.LocalInputFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The files beside the leaves of small_sky_source. */
class SmallSkySideFilesTest {
    @TempDir
    private Path directory = Path.of("");

    @Test
    void metadataHasTheRowGroupsOfAllLeavesInSkyOrder() throws Exception {
        SmallSkyCatalog catalog = publish(new CatalogExtras(Choice.TRUE, Skymaps.NONE));

        ParquetMetadata metadata = footer(version(catalog).resolve(CatalogLayout.METADATA));

        List<String> expected = new ArrayList<>();
        for (Pixel pixel : catalog.pixels()) {
            String path = CatalogLayout.leafPath(pixel);
            ParquetMetadata leaf = footer(version(catalog).resolve(path));
            assertThat(leaf.getFileMetaData().getSchema())
                    .isEqualTo(metadata.getFileMetaData().getSchema());
            leaf.getBlocks().forEach(block -> expected.add(text(block, path.substring("dataset/".length()))));
        }
        assertThat(metadata.getBlocks())
                .extracting(block -> text(block, block.getPath()))
                .isEqualTo(expected);
        assertThat(metadata.getBlocks().stream()
                        .mapToLong(BlockMetaData::getRowCount)
                        .sum())
                .isEqualTo(17_161);
    }

    @Test
    void metadataIsLeftOutWhenItIsNotWanted() throws Exception {
        SmallSkyCatalog catalog = publish(CatalogExtras.NONE);

        assertThat(version(catalog).resolve(CatalogLayout.METADATA)).doesNotExist();
        assertThat(version(catalog).resolve(CatalogLayout.COMMON_METADATA)).exists();
    }

    @Test
    void skymapsCountTheRowsAtTheirOrders() throws Exception {
        Skymaps skymaps = new Skymaps(Optional.of(9), List.of(4, 2));
        Path version = version(publish(new CatalogExtras(Choice.FALSE, skymaps)));

        assertThat(CatalogProperties.parse(Files.readAllBytes(version.resolve(CatalogLayout.HATS_PROPERTIES)))
                        .skymaps())
                .isEqualTo(skymaps);
        assertThat(version.resolve(CatalogLayout.SKYMAP)).hasBinaryContent(map(9));
        assertThat(version.resolve("skymap.4.fits")).hasBinaryContent(map(4));
        assertThat(version.resolve("skymap.2.fits")).hasBinaryContent(map(2));
        assertThat(version.resolve(CatalogLayout.POINT_MAP)).hasBinaryContent(map(8));
    }

    private static byte[] map(int order) throws IOException {
        TreeMap<Long, Long> cells = new TreeMap<>();
        for (String line : SmallSkyCatalog.rows()) {
            String[] fields = line.split(",");
            cells.merge(
                    Healpix.pixel(order, Double.parseDouble(fields[1]), Double.parseDouble(fields[2])), 1L, Long::sum);
        }
        CellCounts.Builder counts = CellCounts.builder(order);
        cells.forEach(counts::add);
        ByteArrayOutputStream map = new ByteArrayOutputStream();
        PointMap.write(counts.build(), order, map);
        return map.toByteArray();
    }

    private SmallSkyCatalog publish(CatalogExtras extras) throws IOException {
        SmallSkyCatalog catalog = new SmallSkyCatalog(directory, true, extras);
        catalog.publish(SmallSkyCatalog.rows(), 1);
        return catalog;
    }

    private Path version(SmallSkyCatalog catalog) {
        return directory.resolve(catalog.version());
    }

    private static ParquetMetadata footer(Path file) throws IOException {
        assertThat(Files.size(file)).isPositive();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            return reader.getFooter();
        }
    }

    private static String text(BlockMetaData block, String path) {
        return "%s: %d rows at %d, %s"
                .formatted(
                        path,
                        block.getRowCount(),
                        block.getStartingPos(),
                        block.getColumns().get(0).getStatistics());
    }
}
