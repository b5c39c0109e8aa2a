package io.skyroll.app.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.skyroll.app.config.PipelineConfig.CatalogConfig;
import io.skyroll.app.config.PipelineConfig.ChangesConfig;
import io.skyroll.app.config.PipelineConfig.ChangesConfig.Engine;
import io.skyroll.app.config.PipelineConfig.ChangesConfig.Start;
import io.skyroll.app.config.PipelineConfig.FilterConfig;
import io.skyroll.app.config.PipelineConfig.KafkaConfig;
import io.skyroll.app.config.PipelineConfig.ReadConfig;
import io.skyroll.app.config.PipelineConfig.SinkConfig;
import io.skyroll.app.config.PipelineConfig.SkyConfig;
import io.skyroll.app.config.PipelineConfig.SourceConfig;
import io.skyroll.app.config.PipelineConfig.TableConfig;
import io.skyroll.producers.postgres.TypePolicies;
import io.skyroll.producers.postgres.TypePolicies.ArrayShape;
import io.skyroll.producers.postgres.TypePolicies.Nested;
import io.skyroll.producers.postgres.TypePolicies.OnArrayBounds;
import io.skyroll.producers.postgres.TypePolicies.OnInfinity;
import io.skyroll.producers.postgres.TypePolicies.OnNan;
import io.skyroll.producers.postgres.TypePolicies.OnTime24;
import io.skyroll.producers.postgres.TypePolicies.OtherTypes;
import io.skyroll.schemas.failure.FailureKind;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.sinks.catalog.CatalogExtras;
import io.skyroll.sinks.catalog.Choice;
import io.skyroll.sinks.dataset.FolderRule;
import io.skyroll.sinks.hats.Skymaps;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class ConfigLoaderTest {

    private static final String NEEDS_SKY =
            "a HATS catalog needs places on the sky: name their columns, as in {ra_column: ra, dec_column: dec}; or give a table without them catalog.type: parquet, or file";

    /** The least that a file must say. */
    private static final String LEAST =
            """
            pipeline: stars
            source: {tables: [public.stars]}
            sky: {ra_column: ra, dec_column: dec}
            catalog: {path: out}
            """;

    @TempDir
    private Path directory = Path.of("");

    @Test
    void readsAWholeFile() throws IOException {
        PipelineConfig config = load(
                """
                pipeline: stars
                source:
                  type: postgres
                  service: my_service
                  tables: [public.stars]
                  mode: snapshot
                kafka:
                  bootstrap_servers: embedded
                  topic_partitions: 12
                registry:
                  url: embedded
                sky:
                  ra_column: ra
                  dec_column: dec
                filters:
                  - name: bright_enough
                    where: vmag < 12 AND bv IS NOT NULL
                catalog:
                  type: hats
                  path: out/stars
                  name: stars
                  pixel_threshold_rows: 1000000
                  highest_order: 10
                data_dir: state/stars
                """);

        assertThat(config)
                .isEqualTo(new PipelineConfig(
                        "stars",
                        new SourceConfig(Map.of("service", "my_service"), 2, 32 << 20, Optional.empty()),
                        new KafkaConfig(Optional.empty(), 12, 0, Map.of(), 268_435_456),
                        Optional.empty(),
                        List.of(new TableConfig(
                                "public",
                                "stars",
                                new SkyConfig("ra", "dec"),
                                List.of(new FilterConfig("bright_enough", "vmag < 12 AND bv IS NOT NULL")),
                                new CatalogConfig(
                                        directory.resolve("out/stars").toString(),
                                        "stars",
                                        new OutputConfig.Hats(
                                                "object", 1_000_000, 0, 10, true, 5, CatalogExtras.DEFAULTS),
                                        100_000,
                                        5,
                                        Map.of()))),
                        SinkConfig.DEFAULTS,
                        directory.resolve("state/stars")));
    }

    @Test
    void readsEveryKeyThatHasADefault() throws IOException {
        PipelineConfig config = load(
                """
                pipeline: sky-2
                source:
                  url: postgresql://reader@db/sky
                  host: db
                  port: 5433
                  database: sky
                  user: reader
                  passfile: secrets/pgpass
                  sslmode: require
                  workers: 7
                  chunk_bytes: 1048576
                  mode: snapshot_and_changes
                  change_engine: pgoutput
                  freshness_secs: 5
                  publication: sky_publication
                  max_slot_wal_bytes: 1073741824
                  tables: [gaia.dr4]
                kafka:
                  bootstrap_servers: "one:9092, [::1]:9093"
                  topic_partitions: 48
                  rows_per_record: 1
                  min_free_bytes: 1_000_000_000
                  properties: {security.protocol: SSL, fetch.max.wait.ms: 50}
                registry: {url: https://registry:8081/api}
                sky: {ra_column: ra_deg, dec_column: dec_deg}
                catalog:
                  path: s3a://bucket/{schema}/{table}
                  name: gaia_{table}
                  product: source
                  pixel_threshold_rows: 1_000
                  lowest_order: 1
                  highest_order: 29
                  drop_empty_siblings: false
                  row_group_rows: 10
                  margin_threshold_arcsec: 0
                  retain_versions: 2
                  metadata: true
                  sparse_maps: auto
                  statistics: true
                  thumbnail_rows: 1000
                  indexes: [hip, hd]
                  skymap_order: 9
                  skymap_alt_orders: [6, 3]
                  hadoop_properties: {fs.s3a.endpoint: "http://store:9000"}
                sink: {memory_bytes: 268435456, spill_bytes: 50_000_000_000}
                data_dir: /var/lib/skyroll
                """);

        assertThat(config)
                .isEqualTo(new PipelineConfig(
                        "sky-2",
                        new SourceConfig(
                                Map.of(
                                        "url", "postgresql://reader@db/sky",
                                        "host", "db",
                                        "port", "5433",
                                        "dbname", "sky",
                                        "user", "reader",
                                        "passfile", "secrets/pgpass",
                                        "sslmode", "require"),
                                7,
                                1 << 20,
                                Optional.of(new ChangesConfig(
                                        Engine.PGOUTPUT,
                                        Duration.ofSeconds(5),
                                        "skyroll_sky_2",
                                        "sky_publication",
                                        OptionalLong.of(1L << 30),
                                        Start.SNAPSHOT))),
                        new KafkaConfig(
                                Optional.of("one:9092, [::1]:9093"),
                                48,
                                1,
                                Map.of("security.protocol", "SSL", "fetch.max.wait.ms", "50"),
                                1_000_000_000),
                        Optional.of("https://registry:8081/api"),
                        List.of(new TableConfig(
                                "gaia",
                                "dr4",
                                new SkyConfig("ra_deg", "dec_deg"),
                                List.of(),
                                new CatalogConfig(
                                        "s3a://bucket/gaia/dr4",
                                        "gaia_dr4",
                                        new OutputConfig.Hats(
                                                "source",
                                                1_000,
                                                1,
                                                29,
                                                false,
                                                0,
                                                new CatalogExtras(
                                                        Choice.TRUE,
                                                        true,
                                                        1000,
                                                        List.of("hip", "hd"),
                                                        new Skymaps(Optional.of(9), List.of(3, 6)),
                                                        Choice.AUTO)),
                                        10,
                                        2,
                                        Map.of("fs.s3a.endpoint", "http://store:9000")))),
                        new SinkConfig(OptionalLong.of(1 << 28), OptionalLong.of(50_000_000_000L)),
                        Path.of("/var/lib/skyroll")));
    }

    @Test
    void keepsStateBesideTheFileByDefault() throws IOException {
        PipelineConfig config = load(LEAST);

        assertThat(config.dataDirectory()).isEqualTo(directory.resolve(".skyroll/stars"));
        assertThat(config.tables())
                .singleElement()
                .extracting(table -> table.catalog().name())
                .isEqualTo("stars");
    }

    @Test
    void takesWhatATableDoesNotSayFromThePipeline() throws IOException {
        PipelineConfig config = load(
                """
                pipeline: stars
                source:
                  tables:
                    - public.stars
                    - table: public.sources
                      sky: {ra_column: source_ra}
                      filters: [{name: deep, where: mag < 25}]
                      catalog: {product: source, pixel_threshold_rows: 10}
                    - {table: public.all, filters: []}
                sky: {ra_column: ra, dec_column: dec}
                filters: [{name: bright, where: mag < 12}]
                catalog: {path: "out/{table}", lowest_order: 3, pixel_threshold_rows: 50}
                """);

        List<FilterConfig> bright = List.of(new FilterConfig("bright", "mag < 12"));
        assertThat(config.tables())
                .containsExactly(
                        new TableConfig(
                                "public", "stars", new SkyConfig("ra", "dec"), bright, catalog("stars", "object", 50)),
                        new TableConfig(
                                "public",
                                "sources",
                                new SkyConfig("source_ra", "dec"),
                                List.of(new FilterConfig("deep", "mag < 25")),
                                catalog("sources", "source", 10)),
                        new TableConfig(
                                "public", "all", new SkyConfig("ra", "dec"), List.of(), catalog("all", "object", 50)));
    }

    @Test
    void aTableMayHaveNoPlaceOnTheSky() throws IOException {
        PipelineConfig config = load(
                """
                pipeline: orbits
                source:
                  tables:
                    - public.orbits
                    - {table: public.notes, sky: none, catalog: {type: file}}
                    - {table: public.stars, sky: {ra_column: ra, dec_column: dec}, catalog: {type: hats}}
                catalog: {type: parquet, path: "out/{table}"}
                """);

        assertThat(config.tables().stream().map(TableConfig::sky))
                .containsExactly(Optional.empty(), Optional.empty(), Optional.of(new SkyConfig("ra", "dec")));
    }

    @Test
    void aTableMayHaveNoneWhereThePipelineHasOne() throws IOException {
        String file =
                """
                pipeline: orbits
                source:
                  tables:
                    - {table: public.orbits, sky: none, catalog: {type: parquet}}
                    %s
                sky: {ra_column: ra, dec_column: dec}
                catalog: {path: "out/{table}"}
                """;

        assertThat(load(file.formatted("- public.stars")).tables().stream().map(TableConfig::sky))
                .containsExactly(Optional.empty(), Optional.of(new SkyConfig("ra", "dec")));
        // The pipeline's is known also when no table needs it.
        assertThat(load(file.formatted("")).tables()).hasSize(1);
    }

    @Test
    void aHatsCatalogWithoutPlacesOnTheSkyIsRefused() throws IOException {
        assertRefused(LEAST.replaceAll("sky: .*", ""), "sky: " + NEEDS_SKY);
        assertRefused(LEAST.replaceAll("sky: .*", "sky: none"), "sky: " + NEEDS_SKY);
        assertRefused(
                LEAST.replace("[public.stars]", "[{table: public.stars, sky: none}]"),
                "source.tables[0].sky: " + NEEDS_SKY);
        assertRefused(
                LEAST.replaceAll("sky: .*", "sky: nowhere"),
                "sky: expected keys and values, found 'nowhere'",
                "sky.ra_column: expected text, found nothing",
                "sky.dec_column: expected text, found nothing");
    }

    @Test
    void readsViewsQueriesAndPoliciesForTypes() throws IOException {
        PipelineConfig config = load(
                """
                pipeline: sky
                source:
                  tables:
                    - public.stars
                    - table: public.bright
                      sql: |
                        SELECT id, ra, dec FROM stars
                      key: [id]
                      types: {infinity: saturate, unbounded_numeric: "decimal(20, 5)"}
                types:
                  infinity: null
                  numeric_nan: "null"
                  unbounded_numeric: double
                  time_24: saturate
                  array_shape: text
                  array_bounds: drop
                  other_types: refuse
                  nested: struct_of_lists
                sky: {ra_column: ra, dec_column: dec}
                catalog: {path: "out/{table}"}
                """);

        TypePolicies policies = new TypePolicies(
                OnInfinity.NULL,
                OnNan.NULL,
                ColumnType.FLOAT64,
                OnTime24.SATURATE,
                ArrayShape.TEXT,
                OnArrayBounds.DROP,
                OtherTypes.REFUSE,
                Nested.STRUCT_OF_LISTS);
        TypePolicies own = new TypePolicies(
                OnInfinity.SATURATE,
                OnNan.NULL,
                ColumnType.decimal(20, 5),
                OnTime24.SATURATE,
                ArrayShape.TEXT,
                OnArrayBounds.DROP,
                OtherTypes.REFUSE,
                Nested.STRUCT_OF_LISTS);
        assertThat(config.tables().stream().map(TableConfig::read))
                .containsExactly(
                        new ReadConfig(Optional.empty(), List.of(), policies),
                        new ReadConfig(Optional.of("SELECT id, ra, dec FROM stars"), List.of("id"), own));
    }

    @Test
    void readsDatasetsBesideCatalogs() throws IOException {
        PipelineConfig config = load(
                """
                pipeline: sky
                source:
                  url: postgresql://reader@db/sky
                  tables:
                    - public.stars
                    - {table: public.nights, catalog: {type: parquet, folders: [band, year(seen)], file_bytes: 1000000, file_rows: 5, file_age_secs: 60}}
                    - {table: public.plain, catalog: {type: parquet}}
                    - {table: public.small, catalog: {type: file, row_group_rows: 7}}
                kafka: {topic_partitions: 13}
                sky: {ra_column: ra, dec_column: dec}
                catalog: {path: "out/{table}", lowest_order: 2}
                """);

        assertThat(config.tables().stream().map(table -> table.catalog().output()))
                .containsExactly(
                        new OutputConfig.Hats("object", 1_000_000, 2, 10, true, 5, CatalogExtras.DEFAULTS),
                        new OutputConfig.Parquet(
                                List.of(FolderRule.parse("band"), FolderRule.parse("year(seen)")),
                                1_000_000,
                                5,
                                Duration.ofSeconds(60),
                                1),
                        new OutputConfig.Parquet(List.of(), 128 << 20, Long.MAX_VALUE, Duration.ZERO, 1),
                        new OutputConfig.SingleFile(1));
        assertThat(config.tables().get(3).catalog().rowGroupRows()).isEqualTo(7);
    }

    @Test
    void keysOfAnotherTypeAreRefusedWhereTheyStand() {
        assertThatThrownBy(
                        () -> load(
                                """
                        pipeline: sky
                        source:
                          url: postgresql://reader@db/sky
                          tables:
                            - {table: public.a, catalog: {type: parquet, pixel_threshold_rows: 5, file_bytes: 1}}
                            - {table: public.b, catalog: {type: file, folders: [band]}}
                            - {table: public.c, catalog: {type: parquet, folders: [band, 3, band]}}
                            - {table: public.d, catalog: {type: csv}}
                        sky: {ra_column: ra, dec_column: dec}
                        catalog: {type: parquet, path: "out/{table}", product: source, statistics: true}
                        """))
                .hasMessageContainingAll(
                        "source.tables[0].catalog.pixel_threshold_rows: it belongs to catalog.type hats, and this one is parquet",
                        "source.tables[0].catalog.file_bytes: expected a whole number from 65536",
                        "source.tables[1].catalog.folders: it belongs to catalog.type parquet, and this one is file",
                        "source.tables[2].catalog.folders: expected columns, or year, month, day or hour of one as in year(column), found 3",
                        "source.tables[2].catalog.folders: expected each once, found [band, band]",
                        "source.tables[3].catalog.type: expected one of hats, parquet, file, found 'csv'");
        assertThatThrownBy(
                        () -> load(
                                """
                        pipeline: sky
                        source: {url: "postgresql://reader@db/sky", tables: [public.a]}
                        sky: {ra_column: ra, dec_column: dec}
                        catalog: {type: parquet, path: out, product: source}
                        """))
                .hasMessageContaining("catalog.product: it belongs to catalog.type hats, and no table's is that");
    }

    @Test
    void namesWhatIsWrongWithQueriesAndPolicies() {
        assertThatThrownBy(
                        () -> load(
                                """
                        pipeline: sky
                        source:
                          tables:
                            - {table: public.q, sql: "SELECT 1;", key: [id, id]}
                        types: {infinity: clamp, unbounded_numeric: "decimal(39,2)", nan: "null"}
                        sky: {ra_column: ra, dec_column: dec}
                        catalog: {path: out}
                        """))
                .hasMessageContainingAll(
                        "source.tables[0].sql: expected one query without a semicolon at its end",
                        "source.tables[0].key: expected names of columns, each once, found \"id\"",
                        "types.infinity: expected one of reject, null, saturate, found 'clamp'",
                        "types.unbounded_numeric: expected text, double or decimal(p,s) with p from 1 to 38 and s up to p, found 'decimal(39,2)'",
                        "types.nan: unknown key");
    }

    private CatalogConfig catalog(String table, String product, long thresholdRows) {
        return new CatalogConfig(
                directory.resolve("out").resolve(table).toString(),
                table,
                new OutputConfig.Hats(product, thresholdRows, 3, 10, true, 5, CatalogExtras.DEFAULTS),
                100_000,
                5,
                Map.of());
    }

    @Test
    void everyKeyStandsInTheReference() throws IOException {
        String reference = Files.readString(Path.of("../docs/reference/configuration.md"));
        String sections =
                """
                %1$s: 1
                source: {%1$s: 1, tables: [{table: public.stars, %1$s: 1}]}
                kafka: {%1$s: 1}
                registry: {%1$s: 1}
                sky: {%1$s: 1}
                filters: [{%1$s: 1}]
                catalog: {%1$s: 1}
                """
                        .formatted("no_such_key_at_all");

        List<String> keys = Pattern.compile("no_such_key_at_all: unknown key; known here: (.*)")
                .matcher(String.valueOf(catchThrowable(() -> load(sections)).getMessage()))
                .results()
                .flatMap(match -> Arrays.stream(match.group(1).split(", ")))
                .toList();

        assertThat(keys)
                .contains("pipeline", "workers", "topic_partitions", "url", "ra_column", "where", "retain_versions");
        assertThat(keys).allSatisfy(key -> assertThat(reference).containsPattern("\\b%s\\b".formatted(key)));
    }

    /** A line is put into its section of a file that is right otherwise. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    source  | type: oracle                  | source.type: expected one of postgres, found 'oracle'
                    source  | mode: change                  | source.mode: expected one of snapshot, snapshot_and_changes, changes, found 'change'
                    source  | service: [a]                  | source.service: expected text, found ["a"]
                    source  | url: ''                       | source.url: expected text, found ''
                    source  | host: {a: b}                  | source.host: expected text, found {"a":"b"}
                    source  | port: ' '                     | source.port: expected text, found ' '
                    source  | database: [a]                 | source.database: expected text, found ["a"]
                    source  | user: [a]                     | source.user: expected text, found ["a"]
                    source  | passfile: [a]                 | source.passfile: expected text, found ["a"]
                    source  | sslmode: [a]                  | source.sslmode: expected text, found ["a"]
                    source  | workers: 65                   | source.workers: expected a whole number from 1 to 64, found 65
                    source  | workers: two                  | source.workers: expected a whole number from 1 to 64, found 'two'
                    source  | chunk_bytes: 2147483648       | source.chunk_bytes: expected a whole number from 1048576 to 1073741824, found 2147483648
                    source  | password: x                   | source.password: unknown key, did you mean 'passfile'?
                    source  | hots: x                       | source.hots: unknown key, did you mean 'host'?
                    kafka   | bootstrap_servers: localhost  | kafka.bootstrap_servers: expected embedded, or host:port, several separated by commas, found 'localhost'
                    kafka   | bootstrap_servers: 'a:1,'     | kafka.bootstrap_servers: expected embedded, or host:port, several separated by commas, found 'a:1,'
                    kafka   | topic_partitions: 0           | kafka.topic_partitions: expected a whole number from 1 to 10000, found 0
                    kafka   | topic_partitions: 1.5         | kafka.topic_partitions: expected a whole number from 1 to 10000, found 1.5
                    kafka   | rows_per_record: 2            | kafka.rows_per_record: expected a whole number from 0 to 1, found 2
                    kafka   | properties: [a]               | kafka.properties: expected keys and values, found ["a"]
                    kafka   | properties: {a: [b]}          | kafka.properties.a: expected one value, found ["b"]
                    kafka   | properties: {acks: 1}         | kafka.properties.acks: cannot be set: Skyroll's guarantees rest on its value
                    kafka   | properties: {producer.acks: 1} | kafka.properties.producer.acks: cannot be set: Skyroll's guarantees rest on its value
                    kafka   | topic_partition: 3            | kafka.topic_partition: unknown key, did you mean 'topic_partitions'?
                    registry | url: localhost:8081          | registry.url: expected embedded, or an http:// or https:// address, found 'localhost:8081'
                    registry | urls: x                      | registry.urls: unknown key, did you mean 'url'?
                    sky     | ra: x                         | sky.ra: unknown key, did you mean 'ra_column'?
                    catalog | type: iceberg                 | catalog.type: expected one of hats, parquet, file, found 'iceberg'
                    catalog | name: a b                     | catalog.name: expected letters, digits, underscores and hyphens, found 'a b'
                    catalog | product: star                 | catalog.product: expected one of object, source, found 'star'
                    catalog | pixel_threshold_rows: 0       | catalog.pixel_threshold_rows: expected a whole number from 1 to 9223372036854775807, found 0
                    catalog | highest_order: 30             | catalog.highest_order: expected a whole number from 0 to 29, found 30
                    catalog | lowest_order: 21              | catalog.lowest_order: expected a whole number from 0 to 20, found 21
                    catalog | lowest_order: 11              | catalog.lowest_order: expected at most highest_order (10), found 11
                    catalog | drop_empty_siblings: 'yes'    | catalog.drop_empty_siblings: expected true or false, found 'yes'
                    catalog | row_group_rows: 0             | catalog.row_group_rows: expected a whole number from 1 to 10000000, found 0
                    catalog | margin_threshold_arcsec: -1   | catalog.margin_threshold_arcsec: expected a number from 0, found -1
                    catalog | margin_threshold_arcsec: 100  | catalog.margin_threshold_arcsec: a margin of 100.0 arcsec is wider than a cell of the order above highest_order (10): lower one of the two, or say 0 for no margin
                    catalog | highest_order: 14             | catalog.margin_threshold_arcsec: a margin of 5.0 arcsec is wider than a cell of the order above highest_order (14): lower one of the two, or say 0 for no margin
                    catalog | retain_versions: 0            | catalog.retain_versions: expected a whole number from 1 to 10000, found 0
                    catalog | metadata: maybe               | catalog.metadata: expected one of auto, true, false, found 'maybe'
                    catalog | skymap_order: 11              | catalog.skymap_order: expected a whole number from 1 to 10, found 11
                    catalog | skymap_alt_orders: [4]        | catalog.skymap_alt_orders: expected whole numbers from 0 and below skymap_order, found 4
                    catalog | indexes: [a b]                | catalog.indexes: expected columns named by letters, digits and underscores, not Norder and Npix, each once, found "a b"
                    catalog | indexes: [Npix]               | catalog.indexes: expected columns named by letters, digits and underscores, not Norder and Npix, each once, found "Npix"
                    catalog | indexes: [hip, hip]           | catalog.indexes: expected columns named by letters, digits and underscores, not Norder and Npix, each once, found "hip"
                    catalog | pixel_treshold_rows: 5        | catalog.pixel_treshold_rows: unknown key, did you mean 'pixel_threshold_rows'?
                    """)
    void namesAWrongKeyOrValue(String section, String line, String problem) throws IOException {
        Map<String, List<String>> sections = new TreeMap<>(Map.of(
                "source", new ArrayList<>(List.of("tables: [public.stars]")),
                "sky", new ArrayList<>(List.of("ra_column: ra", "dec_column: dec")),
                "catalog", new ArrayList<>(List.of("path: out"))));
        sections.computeIfAbsent(section, absent -> new ArrayList<>()).add(line);
        StringBuilder file = new StringBuilder("pipeline: stars\n");
        sections.forEach((name, lines) -> file.append(name + ":\n  " + String.join("\n  ", lines) + "\n"));

        assertRefused(file.toString(), problem);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    pipelin: x           | pipelin: unknown key, did you mean 'pipeline'?
                    zzzzzzzzzzzz: x      | zzzzzzzzzzzz: unknown key; known here: pipeline, source, kafka, registry, sky, catalog, types, filters, sink, data_dir
                    data_dir: [a]        | data_dir: expected text, found ["a"]
                    kafka: embedded      | kafka: expected keys and values, found 'embedded'
                    filters: bright      | filters: expected a list, found 'bright'
                    filters: [bright]    | filters[0]: expected keys and values, found 'bright'; filters[0].name: expected text, found nothing; filters[0].where: expected text, found nothing
                    filters: [{name: a}] | filters[0].where: expected text, found nothing
                    filters: [{name: a-b, where: c}] | filters[0].name: expected letters, digits and underscores, each name once, found 'a-b'
                    filters: [{name: a, where: b}, {name: a, where: c}] | filters[1].name: expected letters, digits and underscores, each name once, found 'a'
                    filters: [{name: a, were: b}] | filters[0].where: expected text, found nothing; filters[0].were: unknown key, did you mean 'where'?
                    """)
    void namesAWrongLine(String line, String problems) throws IOException {
        assertRefused(LEAST + line + "\n", problems.split("; (?!known)"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            textBlock =
                    """
                    []                               | source.tables: expected at least one table, as schema.table
                    stars                            | source.tables: expected a list, found 'stars'; source.tables: expected at least one table, as schema.table
                    [stars]                          | source.tables[0]: expected schema.table, found 'stars'
                    [.stars]                         | source.tables[0]: expected schema.table, found '.stars'
                    [public.]                        | source.tables[0]: expected schema.table, found 'public.'
                    [5]                              | source.tables[0]: expected keys and values, found 5
                    [{sky: {}}]                      | source.tables[0].table: expected text, found nothing
                    [{table: a.b, catalogue: {}}]    | source.tables[0].catalogue: unknown key, did you mean 'catalog'?
                    [{table: a.b, catalog: {pth: c}}]| source.tables[0].catalog.pth: unknown key, did you mean 'path'?
                    [{table: a.b, catalog: {lowest_order: 40}}] | source.tables[0].catalog.lowest_order: expected a whole number from 0 to 20, found 40
                    [{table: a.b, sky: {ra_column: []}}] | source.tables[0].sky.ra_column: expected text, found []
                    [a.b, a.b]                       | source.tables[1]: a.b is listed twice
                    """)
    void namesAWrongTable(String tables, String problems) throws IOException {
        assertRefused(LEAST.replace("[public.stars]", tables), problems.split("; "));
    }

    @Test
    void refusesTwoCatalogsInOnePlace() throws IOException {
        assertRefused(
                LEAST.replace("[public.stars]", "[public.stars, public.sources]"),
                "source.tables: public.stars and public.sources have the same catalog.path %s: give each its own, or put {table} into the path"
                        .formatted(directory.resolve("out")));
    }

    @Test
    void refusesMorePartitionsThanTheLowestOrderHasCells() throws IOException {
        String file = LEAST.replace("{path: out}", "{path: out, lowest_order: 1}") + "kafka: {topic_partitions: %d}\n";

        assertThat(load(file.formatted(48)).kafka().topicPartitions()).isEqualTo(48);
        assertRefused(
                file.formatted(49),
                "catalog.lowest_order: a leaf belongs to one topic partition, so kafka.topic_partitions (49) may be at most 12*4^lowest_order (48)");
    }

    @Test
    void refusesAnUnknownScheme() throws IOException {
        assertRefused(
                LEAST.replace("path: out", "path: ftp://host/out"),
                "catalog.path: expected a local path, or one that begins with hdfs:// or s3a://, found 'ftp://host/out'");
    }

    @Test
    void refusesNamesThatKafkaHasNoRoomFor() throws IOException {
        assertRefused(
                LEAST.replace("pipeline: stars", "pipeline: " + "p".repeat(240)),
                "source.tables[0]: table public.stars: its topic names would have 261 characters, Kafka allows 249; shorten the pipeline's name");
    }

    @Test
    void refusesAPipelineNameThatIsNoFileName() throws IOException {
        assertRefused(
                LEAST.replace("pipeline: stars", "pipeline: ../stars"),
                "pipeline: expected letters, digits, underscores and hyphens, found '../stars'");
    }

    @Test
    void reportsAllProblemsAtOnce() throws IOException {
        Path file = write(
                """
                source:
                  tables: [stars]
                  worker: 3
                kafka:
                  topic_partitions: many
                sky:
                  ra_column: ra
                catalog:
                  highest_order: -1
                data-dir: x
                """);

        SkyrollException refused = catchThrowableOfType(SkyrollException.class, () -> ConfigLoader.load(file));

        assertThat(refused.kind()).isEqualTo(FailureKind.CONFIGURATION);
        assertThat(refused)
                .hasMessage(
                        """
                        %s has 8 problems:
                          - pipeline: expected text, found nothing
                          - kafka.topic_partitions: expected a whole number from 1 to 10000, found 'many'
                          - source.tables[0]: expected schema.table, found 'stars'
                          - sky.dec_column: expected text, found nothing
                          - catalog.path: expected text, found nothing
                          - catalog.highest_order: expected a whole number from 0 to 29, found -1
                          - source.worker: unknown key, did you mean 'workers'?
                          - data-dir: unknown key, did you mean 'data_dir'?"""
                                .formatted(file));
    }

    @Test
    void reportsWhatAnEmptyFileLacks() throws IOException {
        assertRefused(
                "",
                "pipeline: expected text, found nothing",
                "source.tables: expected at least one table, as schema.table",
                "catalog.path: expected text, found nothing",
                "sky: " + NEEDS_SKY);
    }

    @Test
    void refusesAKeyThatStandsTwice() throws IOException {
        Path file = write(LEAST + "pipeline: other\n");

        assertThatThrownBy(() -> ConfigLoader.load(file))
                .hasMessage("cannot read %s as YAML, line 5: Duplicate field 'pipeline'".formatted(file));
    }

    @Test
    void refusesWhatIsNotYaml() throws IOException {
        Path file = write("pipeline: [stars\nsource: x\n");

        assertThatThrownBy(() -> ConfigLoader.load(file))
                .isInstanceOf(SkyrollException.class)
                .hasMessageStartingWith("cannot read %s as YAML, line 2: ".formatted(file));
    }

    @Test
    void refusesASecondDocument() throws IOException {
        Path file = write(LEAST + "---\n" + LEAST);

        assertThatThrownBy(() -> ConfigLoader.load(file))
                .isInstanceOf(SkyrollException.class)
                .hasMessage("%s, line 6: a second document begins, expected one", file);
    }

    @Test
    void refusesAFileThatIsNotThere() {
        assertThatThrownBy(() -> ConfigLoader.load(directory.resolve("no.yaml")))
                .isInstanceOf(SkyrollException.class)
                .hasMessage("there is no file %s", directory.resolve("no.yaml"));
    }

    @Test
    void refusesAFileThatIsNotText() throws IOException {
        Path file = Files.write(directory.resolve("pipeline.yaml"), new byte[] {(byte) 0xFF, (byte) 0xFE, 0});

        assertThatThrownBy(() -> ConfigLoader.load(file))
                .isInstanceOf(SkyrollException.class)
                .hasMessage("cannot read %s: it is not UTF-8 text", file);
    }

    private void assertRefused(String text, String... problems) throws IOException {
        Path file = write(text);

        SkyrollException refused = catchThrowableOfType(SkyrollException.class, () -> ConfigLoader.load(file));

        assertThat(refused).isNotNull();
        assertThat(refused.kind()).isEqualTo(FailureKind.CONFIGURATION);
        String head = "%s has %d problem%s:".formatted(file, problems.length, problems.length == 1 ? "" : "s");
        assertThat(refused).hasMessage(head + "\n  - " + String.join("\n  - ", problems));
    }

    private PipelineConfig load(String text) throws IOException {
        return ConfigLoader.load(write(text));
    }

    private Path write(String text) throws IOException {
        return Files.writeString(directory.resolve("pipeline.yaml"), text);
    }
}
