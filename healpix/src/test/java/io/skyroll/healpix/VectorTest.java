package io.skyroll.healpix;

import static java.lang.Double.parseDouble;
import static java.lang.Integer.parseInt;
import static java.lang.Long.parseLong;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Agreement with healpy and cdshealpix on the vectors that src/test/vectors/make_vectors.py made with them. */
class VectorTest {
    /**
     * Three units in the last place of an angle near 360° (5.7e-14 each), for the few roundings on either side; a ten-thousandth
     * of the height of an order-29 cell would be 1e-11°.
     */
    private static final double TOLERANCE_DEGREES = 1.8e-13;

    @ParameterizedTest
    @CsvSource({
        "0, 90, 288230376151711743",
        "0, -90, 2305843009213693952",
        "283.5, -61.5, 3315911807729485378",
        "351.5, -69.5, 3193727249347586737",
        "10.684708, 41.26875, 190633513587146677",
        "83.633083, 22.0145, 1701909093095840580",
        "266.416817, -29.007825, 2028740913184676779",
        "359.9999999, -89.9999, 3170534137669883205",
        "348.0771583625243, -29.339060520221707, 1188997068234845449",
    })
    void pixelsOfKnownPlacesAgree(double raDegrees, double decDegrees, long healpix29) {
        assertThat(Healpix.pixel(29, raDegrees, decDegrees)).isEqualTo(healpix29);
    }

    @Test
    void pixelsAgree() throws IOException {
        List<String[]> rows = Vectors.rows("pixels.csv.gz");

        assertThat(rows).hasSize(9200).allSatisfy(row -> {
            double ra = parseDouble(row[0]);
            double dec = parseDouble(row[1]);
            int lowerOrder = parseInt(row[3]);
            assertThat(Healpix.pixel(29, ra, dec)).isEqualTo(parseLong(row[2]));
            assertThat(Healpix.pixel(lowerOrder, ra, dec)).isEqualTo(parseLong(row[4]));
        });
    }

    @Test
    void centersAgree() throws IOException {
        List<String[]> rows = Vectors.rows("centers.csv.gz");

        assertThat(rows).hasSize(3132).allSatisfy(row -> {
            SkyPoint center = Healpix.center(parseInt(row[0]), parseLong(row[1]));
            assertThat(Math.abs(center.raDegrees() - parseDouble(row[2]))).isLessThanOrEqualTo(TOLERANCE_DEGREES);
            assertThat(Math.abs(center.decDegrees() - parseDouble(row[3]))).isLessThanOrEqualTo(TOLERANCE_DEGREES);
        });
    }

    @Test
    void neighboursAgreeInTheirDirections() throws IOException {
        List<String[]> rows = Vectors.rows("neighbours.csv.gz");

        assertThat(rows).hasSize(3536).allSatisfy(row -> {
            long[] expected = Arrays.stream(row, 2, row.length)
                    .mapToLong(Long::parseLong)
                    .filter(cell -> cell >= 0)
                    .toArray();
            assertThat(Healpix.neighbours(parseInt(row[0]), parseLong(row[1]))).isEqualTo(expected);
        });
    }

    @Test
    void parentsAgree() throws IOException {
        List<String[]> rows = Vectors.rows("parents.csv.gz");

        assertThat(rows).hasSize(1460).allSatisfy(row -> assertThat(
                        Healpix.parent(parseInt(row[0]), parseLong(row[1]), parseInt(row[2])))
                .isEqualTo(parseLong(row[3])));
    }
}
