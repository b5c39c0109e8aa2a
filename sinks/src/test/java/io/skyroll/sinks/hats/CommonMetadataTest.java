package io.skyroll.sinks.hats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.MessageTypeParser;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CommonMetadataTest {
    private static final MessageType SCHEMA = MessageTypeParser.parseMessageType(
            """
            message det {
              optional int64 _healpix_29;
              optional binary band (STRING);
              optional int64 at (TIMESTAMP(MICROS,true));
              optional group flux (LIST) { repeated group list { optional double element; } }
            }
            """);

    @Test
    void theFileHasTheSchemaAndNothingElse(@TempDir Path directory) throws IOException {
        Path file = directory.resolve("_common_metadata");
        Files.write(file, CommonMetadata.bytes(SCHEMA));

        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
            assertThat(reader.getFileMetaData().getSchema()).isEqualTo(SCHEMA);
            assertThat(reader.getFileMetaData().getKeyValueMetaData()).isEmpty();
            assertThat(reader.getRowGroups()).isEmpty();
        }
        assertThat(CommonMetadata.bytes(SCHEMA)).isEqualTo(Files.readAllBytes(file));
    }

    @Test
    void anotherReaderSeesTheSameColumns(@TempDir Path directory) throws IOException, SQLException {
        Path file = directory.resolve("_common_metadata");
        Files.write(file, CommonMetadata.bytes(SCHEMA));
        List<String> columns = new ArrayList<>();

        try (Connection connection = DriverManager.getConnection("jdbc:duckdb:");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("DESCRIBE SELECT * FROM read_parquet('%s')".formatted(file))) {
            while (rows.next()) {
                columns.add(rows.getString(1) + " " + rows.getString(2));
            }
        }

        assertThat(columns)
                .containsExactly("_healpix_29 BIGINT", "band VARCHAR", "at TIMESTAMP WITH TIME ZONE", "flux DOUBLE[]");
    }
}
