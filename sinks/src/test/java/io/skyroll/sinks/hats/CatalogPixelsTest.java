package io.skyroll.sinks.hats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.failure.SkyrollException;
import java.util.List;
import org.junit.jupiter.api.Test;

final class CatalogPixelsTest {

    @Test
    void pixelsAreListedInTheOrderOfTheSky() {
        CatalogPixels pixels = new CatalogPixels(List.of(new Pixel(2, 176), new Pixel(1, 43), new Pixel(0, 4)));

        assertThat(pixels.pixels()).containsExactly(new Pixel(0, 4), new Pixel(1, 43), new Pixel(2, 176));
        assertThat(new String(pixels.toCsv(), UTF_8)).isEqualTo("Norder,Npix\n0,4\n1,43\n2,176\n");
    }

    @Test
    void coverageAndHighestOrderFollowFromThePixels() {
        CatalogPixels pixels = new CatalogPixels(List.of(new Pixel(0, 4), new Pixel(1, 47), new Pixel(2, 176)));

        assertThat(pixels.skyFraction()).isEqualTo((16 + 4 + 1) / 192.0);
        assertThat(pixels.highestOrder()).isEqualTo(2);
        assertThat(new CatalogPixels(List.of()).skyFraction()).isZero();
        assertThat(new CatalogPixels(List.of()).highestOrder()).isZero();
    }

    @Test
    void overlappingPixelsAreRefused() {
        assertThatThrownBy(() -> new CatalogPixels(List.of(new Pixel(2, 64), new Pixel(0, 4))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("pixels overlap: Pixel[order=0, npix=4] and Pixel[order=2, npix=64]");
        assertThatThrownBy(() -> new CatalogPixels(List.of(new Pixel(0, 4), new Pixel(0, 4))))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void theFileIsReadBackWhateverItsLineEndsAndFurtherColumns() {
        CatalogPixels pixels = new CatalogPixels(List.of(new Pixel(2, 176), new Pixel(0, 4)));

        assertThat(CatalogPixels.parse(pixels.toCsv())).isEqualTo(pixels);
        assertThat(CatalogPixels.parse("Norder,Npix,rows\r\n2,176,5\r\n0,4,7\r\n".getBytes(UTF_8)))
                .isEqualTo(pixels);
        assertThat(CatalogPixels.parse("Norder,Npix\n".getBytes(UTF_8)).pixels())
                .isEmpty();
    }

    @Test
    void aDamagedFileIsRefused() {
        assertThatThrownBy(() -> CatalogPixels.parse("Norder,Npix\n2,176\n0".getBytes(UTF_8)))
                .isInstanceOf(SkyrollException.class)
                .hasMessage("partition_info.csv is damaged: line is cut off: '0'");
        assertThatThrownBy(() -> CatalogPixels.parse("Npix\n4\n".getBytes(UTF_8)))
                .isInstanceOf(SkyrollException.class)
                .hasMessage("partition_info.csv must begin with 'Norder,Npix': 'Npix'");
        assertThatThrownBy(() -> CatalogPixels.parse(new byte[0])).isInstanceOf(SkyrollException.class);
    }
}
