package io.skyroll.sinks.hats;

import io.skyroll.healpix.Pixel;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Names of the files of a catalog, relative to its directory, and of the file of a collection. */
public final class CatalogLayout {
    /** Names the newest catalog; in the collection's directory. */
    public static final String COLLECTION_PROPERTIES = "collection.properties";

    /** What readers look for first. */
    public static final String HATS_PROPERTIES = "hats.properties";
    /** The same content under the name that the HATS note asks for. */
    public static final String PROPERTIES = "properties";

    public static final String PARTITION_INFO = "partition_info.csv";
    public static final String POINT_MAP = "point_map.fits";
    /** What the footers of all leaves say of each row group and column. */
    public static final String STATISTICS = "per_partition_statistics.parquet";

    /** Some rows of the catalog, one of a leaf, for people to look at. */
    public static final String THUMBNAIL = "data_thumbnail.parquet";

    public static final String SKYMAP = "skymap.fits";
    public static final String COMMON_METADATA = "dataset/_common_metadata";
    /** The row groups of all leaves. */
    public static final String METADATA = "dataset/_metadata";

    /** Where the Parquet files are that make up the catalog. */
    public static final String DATASET = "dataset";

    /** Where those of an index catalog are. */
    public static final String INDEX_PARTS = "dataset/index";

    /** Ends the name of every leaf file. */
    public static final String LEAF_SUFFIX = ".parquet";
    /** Pixels per directory. */
    private static final int DIRECTORY_SIZE = 10_000;

    private static final Pattern LEAF_PATH =
            Pattern.compile("dataset/Norder=(\\d{1,2})/Dir=(\\d{1,19})/Npix=(\\d{1,19})\\.parquet");

    private CatalogLayout() {}

    /** Path of a leaf file. */
    public static String leafPath(Pixel pixel) {
        long directory = pixel.npix() / DIRECTORY_SIZE * DIRECTORY_SIZE;
        return "dataset/Norder=" + pixel.order() + "/Dir=" + directory + "/Npix=" + pixel.npix() + LEAF_SUFFIX;
    }

    /** Path of the skymap of an alternative order. */
    public static String skymapPath(int altOrder) {
        return "skymap." + altOrder + ".fits";
    }

    /** Path of a file of an index catalog, numbered from 0. */
    public static String indexPartPath(int number) {
        return INDEX_PARTS + "/part." + number + LEAF_SUFFIX;
    }

    /** The path of a file in the dataset's directory, relative to that. */
    public static String inDataset(String path) {
        return path.substring(DATASET.length() + 1);
    }

    /**
     * The pixel of a leaf file's path.
     *
     * @throws IllegalArgumentException if {@link #leafPath} gives no pixel this path
     */
    public static Pixel pixel(String leafPath) {
        Matcher matcher = LEAF_PATH.matcher(leafPath);
        if (matcher.matches()) {
            Pixel pixel = new Pixel(Integer.parseInt(matcher.group(1)), Long.parseLong(matcher.group(3)));
            if (leafPath(pixel).equals(leafPath)) {
                return pixel;
            }
        }
        throw new IllegalArgumentException("not the path of a leaf file: '%s'".formatted(leafPath));
    }
}
