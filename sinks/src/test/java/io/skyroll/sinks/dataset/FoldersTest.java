package io.skyroll.sinks.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FoldersTest {
    private static final long SECOND = 1_000_000;

    @Test
    void foldersAreNamedAsHiveNamesThem() {
        assertThat(folder(ColumnType.BOOLEAN, "x", row -> row.writeByte(1))).isEqualTo("x=true");
        assertThat(folder(ColumnType.INT64, "x", row -> row.writeLong(-12))).isEqualTo("x=-12");
        assertThat(folder(
                        ColumnType.DATE,
                        "x",
                        row -> row.writeLong(LocalDate.of(2024, 2, 29).toEpochDay())))
                .isEqualTo("x=2024-02-29");
        UUID uuid = UUID.fromString("0188a7c1-7f00-7000-8000-00000000000f");
        assertThat(folder(ColumnType.UUID, "x", row -> writeFixed(uuid, row))).isEqualTo("x=" + uuid);
        assertThat(folder(ColumnType.STRING, "x", row -> writeText("Größe 5%/{a}=\t'b'", row)))
                .isEqualTo("x=Größe 5%25%2F%7Ba}%3D%09%27b%27");
        assertThat(folder(ColumnType.STRING, "x", row -> writeText("", row))).isEqualTo("x=");
        assertThat(folder(ColumnType.textForm("mood"), "x", row -> writeText("sad", row)))
                .isEqualTo("x=sad");
        assertThat(nullFolder("x")).isEqualTo("x=__HIVE_DEFAULT_PARTITION__");
    }

    @Test
    void partsOfTimesAreOfUtcAndFloorToTheDayBefore1970Too() {
        long newYear = LocalDateTime.of(2024, 12, 31, 23, 59, 59).toEpochSecond(ZoneOffset.UTC) * SECOND;
        assertThat(folder(ColumnType.TIMESTAMP_UTC, "year(x)", row -> row.writeLong(newYear + SECOND - 1)))
                .isEqualTo("year=2024");
        assertThat(folder(ColumnType.TIMESTAMP_UTC, "year(x)", row -> row.writeLong(newYear + SECOND)))
                .isEqualTo("year=2025");
        assertThat(folder(ColumnType.TIMESTAMP, "month(x)", row -> row.writeLong(newYear + SECOND)))
                .isEqualTo("month=01");
        assertThat(folder(ColumnType.TIMESTAMP, "day(x)", row -> row.writeLong(-1)))
                .isEqualTo("day=31");
        assertThat(folder(ColumnType.TIMESTAMP, "hour(x)", row -> row.writeLong(-1)))
                .isEqualTo("hour=23");
        assertThat(folder(ColumnType.DATE, "day(x)", row -> row.writeLong(3))).isEqualTo("day=04");
        assertThat(nullFolder("hour(x)")).isEqualTo("hour=__HIVE_DEFAULT_PARTITION__");
    }

    @Test
    void timesInPlaceOfInfiniteOnesHaveAFolderAsTheyAre() {
        assertThat(folder(ColumnType.TIMESTAMP_UTC, "year(x)", row -> row.writeLong(Long.MAX_VALUE)))
                .isEqualTo("year=294247");
        assertThat(folder(
                        ColumnType.DATE,
                        "year(x)",
                        row -> row.writeLong(LocalDate.of(-4713, 11, 24).toEpochDay())))
                .isEqualTo("year=-4713");
    }

    @Test
    void valuesOfAFolderAreThoseOfItsRowsToTheByte() {
        RowSchema schema = new RowSchema(
                "sim.stars",
                List.of(
                        new Column("a", ColumnType.STRING, true),
                        new Column("b", ColumnType.INT32, false),
                        new Column("t", ColumnType.DATE, true)),
                List.of());
        Folders folders = new Folders(
                schema, List.of(FolderRule.parse("b"), FolderRule.parse("month(t)"), FolderRule.parse("a")));
        AvroBuffer row = new AvroBuffer(32);
        row.writeByte(2);
        writeText("é", row);
        row.writeLong(-3);
        row.writeByte(0);

        Folder folder = folders.of(row.bytes(), 0);

        assertThat(folder.path()).isEqualTo("b=-3/month=__HIVE_DEFAULT_PARTITION__/a=é");
        assertThat(folder.values()).containsExactly("05", "0204c3a9");
        assertThat(folders.constants(folder).get("b")).containsExactly(5);
        assertThat(folders.constants(folder).get("a")).containsExactly(2, 4, 0xC3, 0xA9);
        assertThat(folders.of(row.bytes(), 0)).isSameAs(folder);
    }

    @Test
    void valuesThatReadersOrFileSystemsDoNotTakeAreRefused() {
        assertThatThrownBy(() -> folder(ColumnType.STRING, "x", row -> writeText("__HIVE_DEFAULT_PARTITION__", row)))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContainingAll("sim.stars", "x", "readers would take it for NULL");
        assertThat(folder(ColumnType.STRING, "x", row -> writeText("é".repeat(126), row)))
                .hasSize(128);
        assertThatThrownBy(() -> folder(ColumnType.STRING, "x", row -> writeText("é".repeat(127), row)))
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("it would have 256 bytes, and file systems take 255");
    }

    @Test
    void tooManyFoldersAreRefused() {
        RowSchema schema = schema(ColumnType.INT64, false);
        Folders folders = new Folders(schema, List.of(FolderRule.parse("x")));

        assertThatThrownBy(() -> {
                    for (long i = 0; i <= 10_000; i++) {
                        AvroBuffer row = new AvroBuffer(16);
                        row.writeLong(i);
                        folders.of(row.bytes(), 0);
                    }
                })
                .isInstanceOf(SkyrollException.class)
                .hasMessageContaining("more than 10000 folders");
    }

    @ParameterizedTest
    @CsvSource({
        "nothing, the table has no such column",
        "ra, 'expected a boolean, integer, text, date or uuid column, found float64'",
        "seen, 'expected a boolean, integer, text, date or uuid column, found timestamp_utc'",
        "year(band), 'expected a date or timestamp column, found string'",
        "hour(night), 'expected a timestamp column, found date'",
        "month(night), readers would meet the column Month and folders of this name",
        "day(other), two levels of folders would be called day",
        "_flag, readers do not find folders of this name",
        "a=b, readers do not find folders of this name"
    })
    void columnsThatDoNotNameFoldersAreRefused(String rule, String problem) {
        RowSchema schema = new RowSchema(
                "sim.stars",
                List.of(
                        new Column("ra", ColumnType.FLOAT64, false),
                        new Column("band", ColumnType.STRING, false),
                        new Column("seen", ColumnType.TIMESTAMP_UTC, false),
                        new Column("night", ColumnType.DATE, false),
                        new Column("other", ColumnType.DATE, false),
                        new Column("Month", ColumnType.INT16, false),
                        new Column("_flag", ColumnType.BOOLEAN, false),
                        new Column("a=b", ColumnType.BOOLEAN, false)),
                List.of());

        assertThatThrownBy(() ->
                        FolderCheck.check(schema, List.of(FolderRule.parse("day(night)"), FolderRule.parse(rule))))
                .isInstanceOf(SkyrollException.class)
                .hasMessageStartingWith("sim.stars: catalog.folders: %s: %s".formatted(rule, problem));
    }

    @Test
    void aDatasetWithoutPlacesOnTheSkyNeedsAColumnThatIsInItsFiles() {
        RowSchema schema = new RowSchema(
                "sim.bands",
                List.of(new Column("band", ColumnType.STRING, false), new Column("night", ColumnType.DATE, false)),
                List.of("band"));
        List<FolderRule> both = List.of(FolderRule.parse("night"), FolderRule.parse("band"));

        FolderCheck.requireColumnInFiles(schema, List.of(FolderRule.parse("band"), FolderRule.parse("year(night)")));
        assertThatThrownBy(() -> FolderCheck.requireColumnInFiles(schema, both))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "sim.bands: catalog.folders: every column names folders, and none would be left for the files: take one out of [night, band]");
    }

    @Test
    void rulesAreReadAsTheyAreWritten() {
        for (String text : List.of("band", "year(seen)", "hour(a b)", "years(seen)", "month()")) {
            assertThat(FolderRule.parse(text)).hasToString(text);
        }
        assertThat(FolderRule.parse("month(seen)").key()).isEqualTo("month");
        assertThat(FolderRule.parse("years(seen)").part()).isEqualTo(FolderPart.VALUE);
    }

    private static String folder(ColumnType type, String rule, Consumer<AvroBuffer> value) {
        AvroBuffer row = new AvroBuffer(16);
        value.accept(row);
        Folders folders = new Folders(schema(type, false), List.of(FolderRule.parse(rule)));
        AvroBuffer nullable = new AvroBuffer(16);
        nullable.writeByte(2);
        value.accept(nullable);
        String path = folders.of(row.bytes(), 0).path();
        assertThat(new Folders(schema(type, true), List.of(FolderRule.parse(rule)))
                        .of(nullable.bytes(), 0)
                        .path())
                .isEqualTo(path);
        return path;
    }

    private static String nullFolder(String rule) {
        ColumnType type = rule.equals("x") ? ColumnType.STRING : ColumnType.TIMESTAMP;
        return new Folders(schema(type, true), List.of(FolderRule.parse(rule)))
                .of(new byte[1], 0)
                .path();
    }

    private static RowSchema schema(ColumnType type, boolean nullable) {
        return new RowSchema("sim.stars", List.of(new Column("x", type, nullable)), List.of());
    }

    private static void writeText(String text, AvroBuffer row) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        row.writeWithLength(bytes, 0, bytes.length);
    }

    private static void writeFixed(UUID uuid, AvroBuffer row) {
        for (long half : new long[] {uuid.getMostSignificantBits(), uuid.getLeastSignificantBits()}) {
            for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
                row.writeByte((int) (half >>> shift));
            }
        }
    }
}
