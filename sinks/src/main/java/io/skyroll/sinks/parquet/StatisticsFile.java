package io.skyroll.sinks.parquet;

import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.sinks.storage.Store;
import io.skyroll.sinks.storage.StoreInput;
import io.skyroll.sinks.storage.StoreOutput;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.format.ColumnMetaData;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.RowGroup;
import org.apache.parquet.format.Statistics;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.apache.parquet.schema.Types;

/**
 * Writes {@code per_partition_statistics.parquet}: a row per row group of every leaf, with what the footer says of each column. Names and
 * order of the columns are those of {@code hats}; smallest and largest values have the column's own type. Owned by one thread.
 */
public final class StatisticsFile implements AutoCloseable {
    private static final List<String> PLACE = List.of("Norder", "Npix", "row_group_index");
    private static final List<String> EXTREMES = List.of("min_value", "max_value");
    private static final List<String> NUMBERS = List.of("null_count", "row_count", "disk_bytes", "memory_bytes");

    private static final String ELEMENT = ".list.element";

    /** How many values are held before they are written. */
    private static final int GROUP_VALUES = 1 << 20;

    private final FileMetaData leaf;
    private final TableWriter table;
    private final int groupRows;

    /** @param rows the schema of the rows in the leaves */
    public StatisticsFile(RowSchema rows, StoreOutput output) throws IOException {
        this.leaf = LeafFooter.describe(LeafSchema.of(rows), List.of());
        List<ColumnType> types = new ArrayList<>(List.of(ColumnType.INT64));
        rows.columns().forEach(column -> addTypes(column.type(), types));
        List<ColumnDescriptor> columns = LeafSchema.of(rows).getColumns();
        List<Type> fields = new ArrayList<>();
        List<PlainValues> values = new ArrayList<>();
        for (String name : PLACE) {
            addNumber(name, fields, values);
        }
        for (int i = 0; i < columns.size(); i++) {
            String column = name(columns.get(i));
            for (String name : EXTREMES) {
                fields.add(LeafSchema.field(column + "::" + name, types.get(i)));
                values.add(PlainValues.of(types.get(i)));
            }
            for (String name : NUMBERS) {
                addNumber(column + "::" + name, fields, values);
            }
        }
        FileMetaData empty = LeafFooter.describe(new MessageType("schema", fields), List.of());
        this.table = new TableWriter(empty, values, output);
        this.groupRows = Math.max(1, GROUP_VALUES / fields.size());
    }

    /** Adds the row groups of a leaf. */
    public void add(Store store, String file, Pixel pixel) throws IOException {
        List<RowGroup> groups;
        try (StoreInput input = store.open(file)) {
            groups = LeafFooter.read(input, leaf, store.uri(file)).getRow_groups();
        }
        for (int index = 0; index < groups.size(); index++) {
            int place = 0;
            for (long number : List.of((long) pixel.order(), pixel.npix(), (long) index)) {
                set(place++, number);
            }
            for (int column = 0; column < groups.get(index).getColumnsSize(); column++) {
                addColumn(
                        PLACE.size() + column * (EXTREMES.size() + NUMBERS.size()),
                        groups.get(index).getColumns().get(column).getMeta_data());
            }
            table.endRow();
            if (table.groupRows() == groupRows) {
                table.endGroup();
            }
        }
    }

    /** Commits the file. */
    public void finish() throws IOException {
        table.finish();
    }

    @Override
    public void close() throws IOException {
        table.close();
    }

    private void addColumn(int first, ColumnMetaData chunk) {
        Statistics statistics = chunk.getStatistics();
        table.set(first, statistics.getMin_value());
        table.set(first + 1, statistics.getMax_value());
        set(first + 2, statistics.getNull_count());
        set(first + 3, chunk.getNum_values());
        set(first + 4, chunk.getTotal_compressed_size());
        set(first + 5, chunk.getTotal_uncompressed_size());
    }

    private void set(int column, long number) {
        table.set(column, PlainValues.littleEndian(number, Long.BYTES));
    }

    /** The types of the columns that a column is taken apart into, in Parquet's order. */
    private static void addTypes(ColumnType type, List<ColumnType> types) {
        switch (type.kind()) {
            case LIST -> addTypes(type.element().type(), types);
            case RECORD -> type.parts().forEach(part -> addTypes(part.type(), types));
            default -> types.add(type);
        }
    }

    /** What {@code hats} calls a column: its path, where the elements of a list have the list's name. */
    private static String name(ColumnDescriptor column) {
        String path = String.join(".", column.getPath());
        return path.endsWith(ELEMENT) ? path.substring(0, path.length() - ELEMENT.length()) : path;
    }

    private static void addNumber(String name, List<Type> fields, List<PlainValues> values) {
        fields.add(Types.optional(PrimitiveTypeName.INT64).named(name));
        values.add(new IntegerValues(Long.BYTES));
    }
}
