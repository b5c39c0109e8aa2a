package io.skyroll.sinks.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.catalog.CatalogExtras;
import io.skyroll.sinks.catalog.Choice;
import io.skyroll.sinks.hats.CatalogLayout;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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
        SmallSkyCatalog catalog = publish(new CatalogExtras(Choice.TRUE));

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
        SmallSkyCatalog catalog = publish(new CatalogExtras(Choice.FALSE));

        assertThat(version(catalog).resolve(CatalogLayout.METADATA)).doesNotExist();
        assertThat(version(catalog).resolve(CatalogLayout.COMMON_METADATA)).exists();
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
