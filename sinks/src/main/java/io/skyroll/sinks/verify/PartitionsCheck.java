package io.skyroll.sinks.verify;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.published.CatalogFile;
import io.skyroll.sinks.published.PublishedCatalog;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Compares {@code partition_info.csv} with the leaves on disk. */
final class PartitionsCheck {
    private static final Pattern LINE = Pattern.compile("(\\d{1,2}),(\\d{1,19})(,.*)?");
    private static final String HEADER = "Norder,Npix";

    private final PublishedCatalog catalog;
    private final Check check;
    private final String path;

    PartitionsCheck(PublishedCatalog catalog, Check check) {
        this.catalog = catalog;
        this.check = check;
        this.path = catalog.path(CatalogLayout.PARTITION_INFO);
    }

    /** Gives the pixels that readers are told of, without those that others contain. */
    List<Pixel> check(List<CatalogFile> leaves) {
        List<Pixel> listed = new ArrayList<>();
        check.attempt(path, () -> {
            Optional<byte[]> csv = catalog.store().read(path);
            if (csv.isPresent()) {
                parse(new String(csv.get(), StandardCharsets.UTF_8), listed);
            } else {
                check.found(path, "it is missing");
            }
        });
        Set<Pixel> onDisk = new HashSet<>();
        leaves.forEach(leaf -> onDisk.add(leaf.pixel().orElseThrow()));
        Set<Pixel> distinct = new HashSet<>(listed);
        for (Pixel pixel : distinct.stream().sorted().toList()) {
            if (!onDisk.contains(pixel)) {
                check.found(catalog.path(leafPath(pixel)), "it is missing; %s lists it", CatalogLayout.PARTITION_INFO);
            }
        }
        for (CatalogFile leaf : leaves) {
            if (!distinct.contains(leaf.pixel().orElseThrow())) {
                check.found(catalog.path(leaf.path()), "%s does not list it", CatalogLayout.PARTITION_INFO);
            }
        }
        check.saw("%,d pixels listed, %,d on disk", listed.size(), onDisk.size());
        return withoutOverlaps(distinct);
    }

    private String leafPath(Pixel pixel) {
        String suffix = catalog.properties().text("hats_npix_suffix");
        String standard = CatalogLayout.leafPath(pixel);
        return suffix.isEmpty()
                ? standard
                : standard.substring(0, standard.length() - CatalogLayout.LEAF_SUFFIX.length()) + suffix;
    }

    private void parse(String csv, List<Pixel> listed) {
        List<String> lines = csv.lines().toList();
        if (lines.isEmpty() || !(lines.get(0) + ",").startsWith(HEADER + ",")) {
            check.found(path, "it must begin with '%s'", HEADER);
            return;
        }
        if (!csv.endsWith("\n")) {
            check.found(path, "its last line is cut off");
        }
        Set<Pixel> seen = new HashSet<>();
        for (int i = 1; i < lines.size(); i++) {
            int line = i + 1;
            Optional<Pixel> pixel = pixel(lines.get(i));
            if (pixel.isEmpty()) {
                check.found(path, "line %d is no pixel: '%s'", line, lines.get(i));
            } else if (!seen.add(pixel.get())) {
                check.found(path, "line %d lists a pixel for the second time: '%s'", line, lines.get(i));
            }
            pixel.ifPresent(listed::add);
        }
    }

    private static Optional<Pixel> pixel(String line) {
        Matcher matcher = LINE.matcher(line);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new Pixel(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(2))));
        } catch (IllegalArgumentException outOfRange) {
            return Optional.empty();
        }
    }

    private List<Pixel> withoutOverlaps(Set<Pixel> pixels) {
        List<Pixel> kept = new ArrayList<>();
        for (Pixel pixel : pixels.stream().sorted().toList()) {
            if (!kept.isEmpty() && kept.get(kept.size() - 1).contains(pixel)) {
                Pixel larger = kept.get(kept.size() - 1);
                check.found(
                        path,
                        "pixel %d of order %d lies in pixel %d of order %d",
                        pixel.npix(),
                        pixel.order(),
                        larger.npix(),
                        larger.order());
            } else {
                kept.add(pixel);
            }
        }
        return kept;
    }
}
