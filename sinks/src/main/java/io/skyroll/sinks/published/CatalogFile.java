package io.skyroll.sinks.published;

import io.skyroll.healpix.Pixel;
import java.util.Optional;

/**
 * A file of a catalog.
 *
 * @param path relative to the catalog
 * @param bytes its length
 * @param pixel whose rows it holds; empty if it is no leaf
 */
public record CatalogFile(String path, long bytes, Optional<Pixel> pixel) {

    public boolean isLeaf() {
        return pixel.isPresent();
    }
}
