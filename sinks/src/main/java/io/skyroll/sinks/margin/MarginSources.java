package io.skyroll.sinks.margin;

import io.skyroll.healpix.Pixel;
import io.skyroll.sinks.hats.SkyTree;
import io.skyroll.sinks.merge.Border;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the rows of a pixel's margin are taken from: the border files of the leaves that touch the pixel. Nothing else matters to it: a row
 * of them belongs to the margin when its cell of the margin's order has a neighbour inside the pixel, and no row from farther
 * off can.
 *
 * @param pixel whose margin it is
 * @param borders in sky order of their leaves, so that their rows one after the other are in leaf order; at least one
 */
public record MarginSources(Pixel pixel, List<Border> borders) {
    public MarginSources {
        borders = List.copyOf(borders);
    }

    /**
     * The sources of all margins that may have rows, in sky order.
     *
     * @param borders the border files by the pixel of their leaf, all of them pixels of the tree
     */
    public static List<MarginSources> of(SkyTree tree, Map<Pixel, Border> borders) {
        SortedMap<Pixel, SortedMap<Pixel, Border>> byTarget = new TreeMap<>();
        tree.forEachTouching((target, source) -> {
            Border border = borders.get(source);
            if (border != null) {
                byTarget.computeIfAbsent(target, pixel -> new TreeMap<>()).put(source, border);
            }
        });
        List<MarginSources> sources = new ArrayList<>(byTarget.size());
        byTarget.forEach((target, around) -> sources.add(new MarginSources(target, List.copyOf(around.values()))));
        return sources;
    }

    /** What the margin's rows depend on, within one layout, as lower-case hex: the pixel and the contents of the border files. */
    public String digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update("%d/%d".formatted(pixel.order(), pixel.npix()).getBytes(StandardCharsets.UTF_8));
            for (Border border : borders) {
                digest.update(("\n" + border.sha256()).getBytes(StandardCharsets.UTF_8));
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException impossible) {
            throw new AssertionError(impossible);
        }
    }
}
