package io.skyroll.sinks.dataset;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Finds the folders of rows. Owned by one thread. */
public final class Folders {
    /** So many folders of one partition are a mistake: each has files of its own. */
    private static final int MAX_FOLDERS = 10_000;

    private final RowSchema schema;
    private final RowPlan plan;
    private final List<FolderLevel> levels;
    private final int[] offsets;
    private final AvroBuffer key = new AvroBuffer(1 << 7);
    private final Map<ByteBuffer, Folder> known = new HashMap<>();

    /**
     * @param rules one per level of folders, the outermost first
     * @throws SkyrollException when they do not fit the rows
     */
    public Folders(RowSchema schema, List<FolderRule> rules) {
        FolderCheck.check(schema, rules);
        this.schema = schema;
        this.plan = new RowPlan(schema);
        this.levels = rules.stream().map(rule -> new FolderLevel(schema, rule)).toList();
        this.offsets = new int[plan.columnCount()];
    }

    /**
     * The folder of a row.
     *
     * @param start where the row's Avro binary starts
     * @throws SkyrollException when a value cannot name a folder, or when there are too many folders
     */
    public Folder of(byte[] row, int start) {
        plan.locate(row, start, offsets);
        key.clear();
        for (FolderLevel level : levels) {
            level.writeKey(row, offsets, key);
        }
        Folder folder = known.get(ByteBuffer.wrap(key.bytes(), 0, key.size()));
        if (folder == null) {
            folder = describe(row);
            if (known.size() == MAX_FOLDERS) {
                throw SkyrollException.configuration(
                        "%s: the rows of one topic partition belong in more than %d folders, and each has files of its own: take columns with fewer values for catalog.folders"
                                .formatted(schema.name(), MAX_FOLDERS));
            }
            known.put(ByteBuffer.wrap(key.toBytes()), folder);
        }
        return folder;
    }

    /** The columns that are not in files, and what all rows of a folder have in them: Avro binary, with the branch of a nullable column. */
    public Map<String, byte[]> constants(Folder folder) {
        Map<String, byte[]> constants = new LinkedHashMap<>();
        List<FolderLevel> whole =
                levels.stream().filter(FolderLevel::isWholeValue).toList();
        if (whole.size() != folder.values().size()) {
            throw SkyrollException.defect("the folder %s has %d values, and %d columns are not in its files"
                    .formatted(folder.path(), folder.values().size(), whole.size()));
        }
        for (int i = 0; i < whole.size(); i++) {
            constants.put(
                    whole.get(i).rule().column(),
                    HexFormat.of().parseHex(folder.values().get(i)));
        }
        return constants;
    }

    private Folder describe(byte[] row) {
        List<String> names = new ArrayList<>();
        List<String> values = new ArrayList<>();
        AvroBuffer value = new AvroBuffer(1 << 7);
        for (FolderLevel level : levels) {
            names.add(level.name(row, offsets));
            if (level.isWholeValue()) {
                value.clear();
                level.writeKey(row, offsets, value);
                values.add(HexFormat.of().formatHex(value.toBytes()));
            }
        }
        return new Folder(String.join("/", names), values);
    }
}
