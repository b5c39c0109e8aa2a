package io.skyroll.sinks.parquet;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.leaf.LeafFile;
import io.skyroll.sinks.leaf.LeafWriter;
import io.skyroll.sinks.storage.InMemoryStore;
import io.skyroll.sinks.storage.StoreOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.junit.jupiter.api.Test;

class DatasetMetadataTest {
    private static final int GROUP_ROWS = 100;

    private final InMemoryStore store = new InMemoryStore();
    private final SampleRows rows = SampleRows.random(SampleRows.everyType(), 1000, new Random(5));
    private final ParquetLeaves leaves = new ParquetLeaves(rows.schema());

    @Test
    void hasEveryRowGroupWithTheNameOfItsFile() throws IOException {
        List<DatasetFile> files = List.of(write("a", 0, 1000), write("b", 200, 450), write("c", 0, 10));

        byte[] file = metadata(files);

        store.replace("metadata", file);
        FileMetaData read = LeafFooter.read(store.open("metadata"));
        List<RowGroup> expected = new ArrayList<>();
        for (DatasetFile each : files) {
            for (RowGroup group : LeafFooter.read(store.open(each.file())).getRow_groups()) {
                group.getColumns().forEach(chunk -> chunk.setFile_path(each.name()));
                expected.add(group);
            }
        }
        assertThat(read.getRow_groups()).isEqualTo(expected);
        assertThat(read.getNum_rows()).isEqualTo(1260);
        assertThat(read.getSchema())
                .isEqualTo(LeafFooter.read(store.open("pool/a")).getSchema());
    }

    @Test
    void withoutFilesItEqualsCommonMetadata() throws IOException {
        assertThat(metadata(List.of())).isEqualTo(leaves.commonMetadata());
    }

    @Test
    void itsSizeIsKnownRoughlyBeforehand() throws IOException {
        List<DatasetFile> files = List.of(write("a", 0, 1000), write("b", 200, 450));

        assertThat((double) leaves.estimateMetadataBytes(files) / metadata(files).length)
                .isBetween(0.8, 1.3);
    }

    @Test
    void aFileThatIsNotWhatItsManifestSaysIsADefect() throws IOException {
        DatasetFile file = write("a", 0, 250);

        for (DatasetFile wrong : List.of(
                new DatasetFile(file.file(), file.name(), 249, 3), new DatasetFile(file.file(), file.name(), 250, 2))) {
            assertThatThrownBy(() -> metadata(List.of(wrong)))
                    .isInstanceOf(SkyrollException.class)
                    .hasMessageContaining("has 250 rows in 3 row groups");
        }
    }

    @Test
    void aFileThatIsGoneIsTold() {
        assertThatThrownBy(() -> metadata(List.of(new DatasetFile("pool/gone", "gone", 1, 1))))
                .isInstanceOf(NoSuchFileException.class);
    }

    private byte[] metadata(List<DatasetFile> files) throws IOException {
        ByteArrayOutputStream output = new ByteArrayOutputStream();
        leaves.writeMetadata(store, files, output);
        return output.toByteArray();
    }

    private DatasetFile write(String name, int from, int to) throws IOException {
        try (StoreOutput output = store.create("pool/" + name);
                LeafWriter writer = leaves.create(output)) {
            for (int row = from; row < to; row += GROUP_ROWS) {
                writer.encode(rows.cursor(row, Math.min(to, row + GROUP_ROWS)));
            }
            LeafFile leaf = writer.finish();
            return new DatasetFile(
                    "pool/" + name, "Norder=1/Dir=0/Npix=%s.parquet".formatted(name), leaf.rows(), leaf.groups());
        }
    }
}
