package io.skyroll.sinks.published;

import io.skyroll.healpix.Healpix;
import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.sinks.hats.CatalogLayout;
import io.skyroll.sinks.hats.CatalogProperties;
import io.skyroll.sinks.storage.Store;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A catalog. Immutable.
 *
 * @param store what it is in
 * @param directory its directory in the store; empty for the store's root
 * @param properties what its properties say
 */
public record PublishedCatalog(Store store, String directory, PropertiesFile properties) {
    private static final String LEAF = "dataset/Norder=(\\d{1,2})/Dir=(\\d{1,19})/Npix=(\\d{1,19})";
    private static final int DIRECTORY_SIZE = 10_000;

    /** The suffix by which a pixel is a directory of files. */
    private static final String DIRECTORY_SUFFIX = "/";

    /** The catalog in a directory; empty if there is none. */
    public static Optional<PublishedCatalog> open(Store store, String directory) throws IOException {
        for (String name : List.of(CatalogLayout.HATS_PROPERTIES, CatalogLayout.PROPERTIES)) {
            Optional<PropertiesFile> properties = PropertiesFile.read(store, in(directory, name));
            if (properties.isPresent()) {
                return Optional.of(new PublishedCatalog(store, directory, properties.get()));
            }
        }
        return Optional.empty();
    }

    /**
     * The catalog that readers of a directory see: the one that a collection points to, or the catalog that the directory is.
     *
     * @throws SkyrollException when it is neither
     */
    public static PublishedCatalog main(Store store) throws IOException {
        Optional<PublishedCatalog> itself = open(store, "");
        if (itself.isPresent()) {
            return itself.get();
        }
        PropertiesFile pointer = PropertiesFile.read(store, CatalogLayout.COLLECTION_PROPERTIES)
                .orElseThrow(() -> SkyrollException.configuration(
                        "%s is neither a HATS catalog nor a collection of some: it has no %s, %s or %s"
                                .formatted(
                                        store.uri(""),
                                        CatalogLayout.HATS_PROPERTIES,
                                        CatalogLayout.PROPERTIES,
                                        CatalogLayout.COLLECTION_PROPERTIES)));
        String directory = pointer.text("hats_primary_table_url");
        try {
            return open(store, directory)
                    .orElseThrow(() -> SkyrollException.defect("%s points to %s, where no catalog is"
                            .formatted(store.uri(CatalogLayout.COLLECTION_PROPERTIES), directory)));
        } catch (IllegalArgumentException noPath) {
            throw SkyrollException.defect(
                    "%s points to '%s', which is not in it"
                            .formatted(store.uri(CatalogLayout.COLLECTION_PROPERTIES), directory),
                    noPath);
        }
    }

    /** The path in the store of one of the catalog's files. */
    public String path(String file) {
        return in(directory, file);
    }

    private static String in(String directory, String file) {
        return directory.isEmpty() ? file : directory + "/" + file;
    }

    /** What the catalog calls itself. */
    public String name() {
        return properties.text("obs_collection");
    }

    /** What its rows are: object, source, margin, index, ... */
    public String type() {
        return properties.text("dataproduct_type");
    }

    /** The column of every row's HEALPix cell. */
    public String keyColumn() {
        String named = properties.text("hats_col_healpix");
        return named.isEmpty() ? CatalogProperties.HEALPIX_COLUMN : named;
    }

    /** The order of the cells in {@link #keyColumn()}. */
    public int keyOrder() {
        return properties
                .number("hats_col_healpix_order")
                .filter(order -> order >= 0 && order <= Healpix.MAX_ORDER)
                .orElse((long) Healpix.MAX_ORDER)
                .intValue();
    }

    /** All files, sorted by path; unfinished ones of the store's own are not among them. */
    public List<CatalogFile> files() throws IOException {
        List<CatalogFile> files = new ArrayList<>();
        walk("", leafPattern(), files);
        files.sort(Comparator.comparing(CatalogFile::path));
        return files;
    }

    /** The leaves, in the order of the sky. */
    public List<CatalogFile> leaves() throws IOException {
        return files().stream()
                .filter(CatalogFile::isLeaf)
                .sorted(Comparator.comparing((CatalogFile file) -> file.pixel().orElseThrow())
                        .thenComparing(CatalogFile::path))
                .toList();
    }

    private Pattern leafPattern() {
        String suffix = properties.text("hats_npix_suffix");
        return Pattern.compile(LEAF
                + (suffix.equals(DIRECTORY_SUFFIX)
                        ? "/[^/]+"
                        : Pattern.quote(suffix.isEmpty() ? CatalogLayout.LEAF_SUFFIX : suffix)));
    }

    private void walk(String relative, Pattern leaf, List<CatalogFile> files) throws IOException {
        String root = relative.isEmpty() ? directory : path(relative);
        for (Store.Entry entry : store.list(root)) {
            String path = relative.isEmpty() ? entry.name() : relative + "/" + entry.name();
            if (entry.isDirectory()) {
                walk(path, leaf, files);
            } else {
                files.add(new CatalogFile(path, entry.sizeBytes(), pixel(path, leaf)));
            }
        }
    }

    private static Optional<Pixel> pixel(String path, Pattern leaf) {
        Matcher matcher = leaf.matcher(path);
        if (!matcher.matches()) {
            return Optional.empty();
        }
        try {
            Pixel pixel = new Pixel(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(3)));
            String expected = "dataset/Norder=%d/Dir=%d/Npix=%d"
                    .formatted(pixel.order(), pixel.npix() / DIRECTORY_SIZE * DIRECTORY_SIZE, pixel.npix());
            return path.startsWith(expected) ? Optional.of(pixel) : Optional.empty();
        } catch (IllegalArgumentException noPixel) {
            return Optional.empty();
        }
    }
}
