package io.skyroll.sinks.hats;

import static org.assertj.core.api.Assertions.assertThat;

import io.skyroll.healpix.Pixel;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SkyTreeTest {

    @Test
    void restOfTheSkyIsCoveredByTheLargestPixels() {
        SkyTree tree = SkyTree.around(new CatalogPixels(List.of(new Pixel(1, 17), new Pixel(0, 11))));

        List<Pixel> expected = new ArrayList<>(List.of(new Pixel(1, 16), new Pixel(1, 17), new Pixel(1, 18)));
        expected.add(new Pixel(1, 19));
        for (int base : new int[] {0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11}) {
            expected.add(new Pixel(0, base));
        }
        assertThat(tree.pixels())
                .containsExactlyElementsOf(expected.stream().sorted().toList());
        assertThat(tree.owner(new Pixel(3, 4 * 4 * 17 + 5).first29())).isEqualTo(new Pixel(1, 17));
        assertThat(tree.owner(new Pixel(0, 11).end29() - 1)).isEqualTo(new Pixel(0, 11));
    }

    @Test
    void emptyCatalogLeavesTheBaseCells() {
        assertThat(SkyTree.around(new CatalogPixels(List.of())).pixels())
                .hasSize(12)
                .allMatch(pixel -> pixel.order() == 0);
    }

    @Test
    void pixelsTouchWhenCellsOfThemAreNeighbours() {
        Random random = new Random(8);
        int cellOrder = 4;
        for (int i = 0; i < 40; i++) {
            Set<Pixel> catalog = new HashSet<>();
            for (int pixels = random.nextInt(12); pixels > 0; pixels--) {
                int order = random.nextInt(4);
                Pixel pixel = new Pixel(order, random.nextInt(12 << (2 * order)));
                if (catalog.stream().noneMatch(other -> other.contains(pixel) || pixel.contains(other))) {
                    catalog.add(pixel);
                }
            }
            SkyTree tree = SkyTree.around(new CatalogPixels(List.copyOf(catalog)));
            Set<List<Pixel>> expected = new HashSet<>();
            for (long npix = 0; npix < 12 << (2 * cellOrder); npix++) {
                Pixel cell = new Pixel(cellOrder, npix);
                Pixel owner = tree.owner(cell.first29());
                assertThat(owner.contains(cell)).isTrue();
                for (Pixel neighbour : cell.neighbours()) {
                    Pixel other = tree.owner(neighbour.first29());
                    if (!other.equals(owner)) {
                        expected.add(List.of(owner, other));
                    }
                }
            }
            Set<List<Pixel>> found = new HashSet<>();
            tree.forEachTouching((one, other) -> found.add(List.of(one, other)));

            assertThat(found).isEqualTo(expected);
        }
    }
}
