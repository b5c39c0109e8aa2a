package io.skyroll.sinks.dataset;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.skyroll.sinks.leaf.LeafFile;
import java.time.Instant;
import java.util.List;

/**
 * A file of a dataset as a manifest lists it.
 *
 * @param folder path of its folder in a version; empty in a dataset without folders
 * @param values of the columns that are in the folder's name and not in the file, as {@link Folder#values} has them
 * @param begun the time of the cut with which the file was begun
 * @param rows number of rows, from 1
 * @param groups number of row groups
 * @param rawBytes size of these rows as Avro
 * @param bytes size of the file
 * @param sha256 of the file, lower-case hex
 * @param file path of the file in the pool
 */
public record FolderFile(
        @JsonProperty("folder") String folder,
        @JsonProperty("values") List<String> values,
        @JsonProperty("begun") Instant begun,
        @JsonProperty("rows") long rows,
        @JsonProperty("groups") int groups,
        @JsonProperty("raw_bytes") long rawBytes,
        @JsonProperty("bytes") long bytes,
        @JsonProperty("sha256") String sha256,
        @JsonProperty("file") String file) {
    public FolderFile {
        values = List.copyOf(values);
    }

    static FolderFile of(Folder folder, Instant begun, LeafFile written, long rawBytes, String file) {
        return new FolderFile(
                folder.path(),
                folder.values(),
                begun,
                written.rows(),
                written.groups(),
                rawBytes,
                written.bytes(),
                written.sha256(),
                file);
    }

    /** The folder that it is in. */
    public Folder in() {
        return new Folder(folder, values);
    }

    /** Its path in a version's directory: pool files have names of their own already. */
    public String path() {
        String name = file.substring(file.lastIndexOf('/') + 1);
        return folder.isEmpty() ? name : folder + "/" + name;
    }
}
