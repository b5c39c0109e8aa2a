package io.skyroll.healpix;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;

/** The files that make_vectors.py wrote: comma-separated numbers without a header. */
final class Vectors {

    private Vectors() {}

    static List<String[]> rows(String name) throws IOException {
        InputStream file = Objects.requireNonNull(Vectors.class.getResourceAsStream(name), name);
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(new GZIPInputStream(file), UTF_8))) {
            return lines.lines().map(line -> line.split(",", -1)).toList();
        }
    }
}
