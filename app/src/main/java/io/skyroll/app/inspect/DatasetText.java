package io.skyroll.app.inspect;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.dataset.DatasetProperties;
import io.skyroll.sinks.dataset.FolderRule;
import io.skyroll.sinks.publish.DatasetLayout;
import io.skyroll.sinks.published.TableFile;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.stream.Collectors;

/** A dataset's description, from its properties and its columns. Owned by one thread. */
@SuppressWarnings("AnnotateFormatMethod") // The annotation is in a library that is not needed for anything else.
final class DatasetText {
    private final StringBuilder text = new StringBuilder();

    private DatasetText() {}

    /**
     * Describes the version that readers see.
     *
     * @throws SkyrollException when there is none
     */
    static String of(Store store, DatasetLayout layout) throws IOException {
        String directory = DatasetProperties.parse(DatasetProperties.POINTER, read(store, DatasetProperties.POINTER))
                .text(DatasetProperties.VERSION);
        String path = directory + "/" + DatasetProperties.OF_VERSION;
        DatasetProperties properties = DatasetProperties.parse(path, read(store, path));
        DatasetText of = new DatasetText();
        of.line("dataset", "%s (%s), %s", properties.text("name"), layout.kind(), store.uri(directory));
        of.line("rows", "%,d", Long.parseLong(properties.text("rows")));
        of.line(
                "files",
                "%,d, %s",
                Long.parseLong(properties.text("files")),
                CollectionText.bytes(Long.parseLong(properties.text("bytes"))));
        if (!layout.folders().isEmpty()) {
            of.line(
                    "folders",
                    "%s",
                    layout.folders().stream().map(FolderRule::toString).collect(Collectors.joining(", ")));
        }
        if (!layout.hasSky()) {
            of.line("order", "by a hash of the key: rows have no place on the sky");
        }
        of.line("source at", "%s, %s", properties.text("position"), properties.text("position_time"));
        try (TableFile table = TableFile.open(store, directory + "/" + DatasetProperties.COMMON_METADATA)) {
            of.line("columns", "%d in the files", table.columns().size());
            table.columns().forEach(column -> of.text.append("  %s%n".formatted(column)));
        }
        return of.text.toString();
    }

    private static byte[] read(Store store, String path) throws IOException {
        return store.read(path)
                .orElseThrow(() -> SkyrollException.configuration(
                        "%s has no version yet: there is no %s".formatted(store.uri(""), path)));
    }

    private void line(String name, String value, Object... arguments) {
        text.append("%-14s %s%n".formatted(name, value.formatted(arguments)));
    }
}
