package io.skyroll.sinks.publish;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.control.Control;
import io.skyroll.schemas.position.Position;
import io.skyroll.schemas.registry.SchemaRegistry;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.sky.SkyPartitions;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.schemas.wire.WireFormat;
import io.skyroll.sinks.catalog.CatalogExtras;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.hats.CatalogPixels;
import io.skyroll.sinks.hats.DataProduct;
import io.skyroll.sinks.intake.PartitionIntake;
import io.skyroll.sinks.parquet.ParquetLeaves;
import io.skyroll.sinks.storage.LocalStore;
import io.skyroll.sinks.storage.Store;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.GZIPInputStream;
import org.apache.avro.Schema;

/**
 * A collection of the 17,161 detections of hats-import's small_sky_source and all its partitions' publishers, with one upstream. See NOTICE.txt beside the
 * data.
 */
public final class SmallSkyCatalog {
    private static final RowSchema SCHEMA = new RowSchema(
            "public.small_sky_source",
            List.of(
                    new Column("source_id", ColumnType.INT64, false),
                    new Column("source_ra", ColumnType.FLOAT64, false),
                    new Column("source_dec", ColumnType.FLOAT64, false),
                    new Column("mjd", ColumnType.FLOAT64, true),
                    new Column("mag", ColumnType.FLOAT64, true),
                    new Column("band", ColumnType.STRING, true),
                    new Column("object_id", ColumnType.INT64, true),
                    new Column("object_ra", ColumnType.FLOAT64, true),
                    new Column("object_dec", ColumnType.FLOAT64, true)),
            List.of("source_id"));
    private static final int PARTITIONS = 12;
    private static final long THRESHOLD = 3000;
    private static final Instant TIME = Instant.parse("2026-01-01T00:00:00Z");

    private final Path root;
    private final Store store;
    private final Chain chain;
    private final SkyPartitions sky = new SkyPartitions(0, PARTITIONS);
    private final List<PartitionIntake> intakes = new ArrayList<>();
    private final List<PartitionPublisher> publishers = new ArrayList<>();
    private final Assembler assembler;
    private Optional<Position> since = Optional.empty();

    SmallSkyCatalog(Path root, boolean dropEmptySiblings) throws IOException {
        this(root, dropEmptySiblings, CatalogExtras.NONE);
    }

    public SmallSkyCatalog(Path root, boolean dropEmptySiblings, CatalogExtras extras) throws IOException {
        this(root, dropEmptySiblings, extras, 20);
    }

    SmallSkyCatalog(Path root, boolean dropEmptySiblings, CatalogExtras extras, int retained) throws IOException {
        this.root = root;
        store = new LocalStore(root);
        chain = new Chain(store);
        SkyLayout layout = new SkyLayout(PARTITIONS, 0, 10, THRESHOLD, dropEmptySiblings, 500, 14);
        Generation generation = new Generations(chain).open(new Generation(0, "t.sky", "id", "cluster", layout));
        LeafManifestWriter writer =
                new LeafManifestWriter(store, new OneSchema(), ParquetLeaves::new, () -> UUID.randomUUID()
                        .toString());
        for (int partition = 0; partition < PARTITIONS; partition++) {
            PartitionIntake intake = new PartitionIntake("t.sky-" + partition, Position.ORIGIN, 0);
            intakes.add(intake);
            publishers.add(new PartitionPublisher(chain, generation, partition, Optional.empty(), intake, writer));
        }
        CatalogSettings settings = new CatalogSettings(
                "small_sky", DataProduct.SOURCE, "source_ra", "source_dec", "skyroll v0", 20, extras);
        assembler = new Assembler(
                chain,
                generation,
                new Margins(chain, store, ParquetLeaves::new, () -> UUID.randomUUID()
                        .toString()),
                new HatsVersionDirectory(
                        store, settings, root.resolve("scratch"), schema -> new ParquetLeaves(schema).commonMetadata()),
                new Garbage(chain, store, "small_sky", retained),
                () -> TIME,
                Duration.ZERO);
    }

    /** Publishes rows as one more version. */
    public void publish(List<String> lines, long lsn) throws IOException {
        long[] counts = new long[PARTITIONS];
        long offset = lsn << 32;
        Position position = new Position(1, lsn, 0);
        for (String line : lines) {
            String[] fields = line.split(",");
            long healpix = Healpix.pixel(29, Double.parseDouble(fields[1]), Double.parseDouble(fields[2]));
            int partition = sky.partition(healpix);
            intakes.get(partition).addRow(position, offset++, key(healpix, fields), value(fields));
            counts[partition]++;
        }
        Control cut = Control.cut(position, since, lines.size(), 1, "test", TIME);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            Control copy = cut.forwarded(0, 1, lines.size(), counts[partition], Map.of());
            intakes.get(partition).addControl(copy, offset++);
        }
        since = Optional.of(position);
        boolean worked = true;
        while (worked) {
            worked = assembler.advance();
            for (PartitionPublisher publisher : publishers) {
                worked |= publisher.advance() == PartitionPublisher.Progress.WORKED;
            }
        }
        assertThat(assembler.pointedTo().map(Version::cut)).contains(position);
    }

    public String version() {
        return assembler.pointedTo().orElseThrow().directory("small_sky");
    }

    List<Pixel> pixels() throws IOException {
        return CatalogPixels.parse(store.read(version() + "/" + CatalogLayout.PARTITION_INFO)
                        .orElseThrow())
                .pixels();
    }

    /** The version's leaf files with their checksums. */
    Map<String, String> leaves() throws Exception {
        Map<String, String> leaves = new TreeMap<>();
        for (Pixel pixel : pixels()) {
            byte[] bytes = Files.readAllBytes(root.resolve(version()).resolve(CatalogLayout.leafPath(pixel)));
            leaves.put(
                    CatalogLayout.leafPath(pixel),
                    HexFormat.of()
                            .formatHex(MessageDigest.getInstance("SHA-256").digest(bytes)));
        }
        return leaves;
    }

    private static byte[] key(long healpix, String[] fields) {
        AvroBuffer buffer = new AvroBuffer(32);
        WireFormat.writePrefix(buffer, 2);
        buffer.write(ByteBuffer.allocate(Long.BYTES).putLong(healpix).array(), 0, Long.BYTES);
        buffer.writeLong(Long.parseLong(fields[0]));
        return buffer.toBytes();
    }

    private static byte[] value(String[] fields) {
        AvroBuffer buffer = new AvroBuffer(128);
        WireFormat.writePrefix(buffer, 1);
        buffer.writeLong(Long.parseLong(fields[0]));
        for (int i = 1; i < fields.length; i++) {
            Column column = SCHEMA.columns().get(i);
            if (column.nullable()) {
                buffer.writeLong(1);
            }
            switch (column.type().kind()) {
                case INT64 -> buffer.writeLong(Long.parseLong(fields[i]));
                case FLOAT64 -> buffer.writeDoubleBits(Double.doubleToRawLongBits(Double.parseDouble(fields[i])));
                default -> {
                    byte[] text = fields[i].getBytes(StandardCharsets.UTF_8);
                    buffer.writeWithLength(text, 0, text.length);
                }
            }
        }
        return buffer.toBytes();
    }

    static InputStream resource() throws IOException {
        return new GZIPInputStream(
                Objects.requireNonNull(SmallSkyCatalog.class.getResourceAsStream("small_sky_source.csv.gz")));
    }

    public static List<String> rows() throws IOException {
        try (BufferedReader reader = new BufferedReader(new InputStreamReader(resource(), StandardCharsets.UTF_8))) {
            return new ArrayList<>(reader.lines().skip(1).toList());
        }
    }

    /** A registry that knows the rows' schema. */
    private static final class OneSchema implements SchemaRegistry {
        @Override
        public int register(String subject, Schema schema) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Schema schema(int id) {
            return SCHEMA.toAvro();
        }
    }
}
