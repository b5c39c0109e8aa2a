package io.skyroll.app.sky;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.skyroll.healpix.SkyPoint;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MollweideTest {

    /** Solved by bisection elsewhere: y as a part of the half height, and the length of a parallel as a part of the equator's. */
    @ParameterizedTest
    @CsvSource({
        "90, 1.00000, 0.00000",
        "60, 0.76239, 0.64712",
        "45, 0.59204, 0.80591",
        "30, 0.40397, 0.91477",
        "5, 0.06851, 0.99765"
    })
    void parallelsAreWhereTheEquationPutsThem(double dec, double y, double length) {
        Mollweide.Point end = Mollweide.project(180, dec);

        assertThat(end.y() / Mollweide.HALF_HEIGHT).isCloseTo(y, within(1e-5));
        assertThat(-end.x() / Mollweide.HALF_WIDTH).isCloseTo(length, within(1e-5));
    }

    @Test
    void rightAscensionGrowsToTheLeft() {
        assertThat(Mollweide.project(0, 0)).isEqualTo(new Mollweide.Point(-0.0, 0));
        assertThat(Mollweide.project(90, 0).x()).isCloseTo(-Math.sqrt(2), within(1e-12));
        assertThat(Mollweide.project(270, 0).x()).isCloseTo(Math.sqrt(2), within(1e-12));
        assertThat(Mollweide.project(0, -90).y()).isCloseTo(-Math.sqrt(2), within(1e-12));
    }

    @Test
    void theInverseLeadsBack() {
        long seed = Long.getLong("test.seed", System.nanoTime());
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            double ra = 360 * random.nextDouble();
            double dec = Math.toDegrees(Math.asin(2 * random.nextDouble() - 1));

            Mollweide.Point point = Mollweide.project(ra, dec);
            SkyPoint back = Mollweide.invert(point.x(), point.y()).orElseThrow();

            assertThat(back.decDegrees()).as("seed %d", seed).isCloseTo(dec, within(1e-6));
            double turn = Math.abs(back.raDegrees() - ra);
            double onSky = Math.min(turn, 360 - turn) * Math.cos(Math.toRadians(dec));
            assertThat(onSky).as("seed %d", seed).isLessThan(1e-6);
        }
    }

    @Test
    void outsideOfTheEllipseIsNoSky() {
        assertThat(Mollweide.invert(Mollweide.HALF_WIDTH * 1.001, 0)).isEmpty();
        assertThat(Mollweide.invert(0, -Mollweide.HALF_HEIGHT * 1.001)).isEmpty();
        assertThat(Mollweide.invert(Mollweide.HALF_WIDTH * 0.8, Mollweide.HALF_HEIGHT * 0.8))
                .isEmpty();
        assertThat(Mollweide.invert(0, Mollweide.HALF_HEIGHT)).isPresent();
    }
}
