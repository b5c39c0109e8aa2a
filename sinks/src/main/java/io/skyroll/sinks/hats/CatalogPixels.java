package io.skyroll.sinks.hats;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.failure.SkyrollException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The pixels of a catalog, one per leaf file: the content of {@code partition_info.csv}.
 *
 * @param pixels in the order of the sky, none within another, else readers refuse the catalog
 */
public record CatalogPixels(List<Pixel> pixels) {
    private static final String HEADER = "Norder,Npix";

    /** Takes pixels in any order. */
    public CatalogPixels {
        pixels = pixels.stream().sorted().toList();
        for (int i = 1; i < pixels.size(); i++) {
            if (pixels.get(i - 1).contains(pixels.get(i))) {
                throw new IllegalArgumentException(
                        "pixels overlap: %s and %s".formatted(pixels.get(i - 1), pixels.get(i)));
            }
        }
    }

    /** Reads {@code partition_info.csv}, further columns included. A {@code DEFECT} if it is not one. */
    public static CatalogPixels parse(byte[] csv) {
        List<String> lines = new String(csv, StandardCharsets.UTF_8).lines().toList();
        if (lines.isEmpty() || !(lines.get(0) + ",").startsWith(HEADER + ",")) {
            throw SkyrollException.defect("partition_info.csv must begin with '%s': '%s'"
                    .formatted(HEADER, lines.isEmpty() ? "" : lines.get(0)));
        }
        try {
            return new CatalogPixels(
                    lines.stream().skip(1).map(CatalogPixels::parseLine).toList());
        } catch (IllegalArgumentException e) {
            throw SkyrollException.defect("partition_info.csv is damaged: " + e.getMessage(), e);
        }
    }

    /** The bytes of {@code partition_info.csv}. */
    public byte[] toCsv() {
        StringBuilder csv = new StringBuilder(HEADER).append('\n');
        for (Pixel pixel : pixels) {
            csv.append(pixel.order()).append(',').append(pixel.npix()).append('\n');
        }
        return csv.toString().getBytes(StandardCharsets.UTF_8);
    }

    /** The part of the sky that the pixels cover, 0 to 1. */
    public double skyFraction() {
        long covered = pixels.stream()
                .mapToLong(pixel -> pixel.end29() - pixel.first29())
                .sum();
        return (double) covered / Healpix.pixelCount(Healpix.MAX_ORDER);
    }

    /** The highest order of a pixel, 0 if there are none. */
    public int highestOrder() {
        return pixels.stream().mapToInt(Pixel::order).max().orElse(0);
    }

    private static Pixel parseLine(String line) {
        String[] fields = line.split(",", -1);
        if (fields.length < 2) {
            throw new IllegalArgumentException("line is cut off: '%s'".formatted(line));
        }
        return new Pixel(Integer.parseInt(fields[0]), Long.parseLong(fields[1]));
    }
}
