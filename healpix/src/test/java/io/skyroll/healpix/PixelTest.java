package io.skyroll.healpix;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class PixelTest {
    private final Pixel pixel = new Pixel(2, 177);

    @Test
    void findsThePixelOfAnOrder29Cell() {
        assertThat(Pixel.containing(2, 3_315_911_807_729_485_378L)).isEqualTo(new Pixel(2, 184));
        assertThat(Pixel.containing(29, 5)).isEqualTo(new Pixel(29, 5));
    }

    @Test
    void knowsItsRangeAtOrder29() {
        assertThat(pixel.first29()).isEqualTo(177L << 54);
        assertThat(pixel.end29()).isEqualTo(178L << 54);
        assertThat(pixel.range29()).isEqualTo(new Range29(177L << 54, 178L << 54));
    }

    @Test
    void containsTheCellsOfItsRangeOnly() {
        assertThat(pixel.contains(pixel.first29())).isTrue();
        assertThat(pixel.contains(pixel.end29() - 1)).isTrue();
        assertThat(pixel.contains(pixel.first29() - 1)).isFalse();
        assertThat(pixel.contains(pixel.end29())).isFalse();
    }

    @Test
    void containsItselfAndItsPartsOnly() {
        assertThat(pixel.contains(pixel)).isTrue();
        assertThat(pixel.contains(pixel.child(3).child(0))).isTrue();
        assertThat(pixel.contains(pixel.parent())).isFalse();
        assertThat(pixel.contains(new Pixel(2, 178))).isFalse();
        // The first child of the parent starts with the parent, and yet does not contain it.
        assertThat(new Pixel(3, 0).contains(new Pixel(2, 0))).isFalse();
    }

    @Test
    void climbsToItsParents() {
        assertThat(pixel.parent()).isEqualTo(new Pixel(1, 44));
        assertThat(pixel.parent(0)).isEqualTo(new Pixel(0, 11));
        assertThat(pixel.parent(2)).isEqualTo(pixel);
    }

    @Test
    void dividesIntoFourChildren() {
        assertThat(pixel.children())
                .containsExactly(new Pixel(3, 708), new Pixel(3, 709), new Pixel(3, 710), new Pixel(3, 711));
        assertThat(pixel.child(2)).isEqualTo(new Pixel(3, 710));
    }

    @Test
    void listsItsNeighbours() {
        assertThat(new Pixel(0, 4).neighbours())
                .containsExactly(
                        new Pixel(0, 11),
                        new Pixel(0, 7),
                        new Pixel(0, 3),
                        new Pixel(0, 0),
                        new Pixel(0, 5),
                        new Pixel(0, 8));
    }

    @Test
    void sortsBySkyThenLargestFirst() {
        List<Pixel> sorted = List.of(
                new Pixel(0, 0),
                new Pixel(1, 0),
                new Pixel(29, 0),
                new Pixel(29, 1),
                new Pixel(2, 1),
                new Pixel(1, 1),
                new Pixel(0, 1));

        List<Pixel> pixels = new ArrayList<>(sorted);
        Collections.reverse(pixels);

        Collections.sort(pixels);

        assertThat(pixels).isEqualTo(sorted);
    }

    @Test
    void refusesWhatIsNotOnTheSky() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pixel(30, 0))
                .withMessage("order must be in [0, 29]: 30");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pixel(0, 12))
                .withMessage("npix must be in [0, 12) at order 0: 12");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pixel(0, 0).parent())
                .withMessage("order must be in [0, 29]: -1");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> new Pixel(29, 0).child(0))
                .withMessage("order must be in [0, 29]: 30");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> pixel.child(4))
                .withMessage("a child's place must be in [0, 3]: 4");
    }
}
