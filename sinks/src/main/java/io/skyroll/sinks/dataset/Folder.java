package io.skyroll.sinks.dataset;

import java.util.List;

/**
 * A folder of a dataset.
 *
 * @param path of the folder, such as {@code band=r/year=2024}; empty in a dataset without folders
 * @param values what all its rows have in the columns that folders are named by, in their order: Avro binary, with the branch of a
 *     nullable column, in hex. Times of which only a part names the folder are not among them
 */
public record Folder(String path, List<String> values) {
    public Folder {
        values = List.copyOf(values);
    }
}
