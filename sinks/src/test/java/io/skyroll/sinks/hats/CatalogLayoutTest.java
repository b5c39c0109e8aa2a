package io.skyroll.sinks.hats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.healpix.Pixel;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class CatalogLayoutTest {

    @ParameterizedTest
    @CsvSource({
        "0, 4, dataset/Norder=0/Dir=0/Npix=4.parquet",
        "7, 9999, dataset/Norder=7/Dir=0/Npix=9999.parquet",
        "7, 10000, dataset/Norder=7/Dir=10000/Npix=10000.parquet",
        "10, 12582911, dataset/Norder=10/Dir=12580000/Npix=12582911.parquet",
        "29, 3458764513820540927, dataset/Norder=29/Dir=3458764513820540000/Npix=3458764513820540927.parquet"
    })
    void aLeafsPathTellsItsPixel(int order, long npix, String path) {
        assertThat(CatalogLayout.leafPath(new Pixel(order, npix))).isEqualTo(path);
        assertThat(CatalogLayout.pixel(path)).isEqualTo(new Pixel(order, npix));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "dataset/Norder=0/Dir=0/Npix=04.parquet",
                "dataset/Norder=7/Dir=0/Npix=10000.parquet",
                "dataset/Norder=0/Dir=0/Npix=4.parquet.tmp",
                "Norder=0/Dir=0/Npix=4.parquet",
                "dataset/_common_metadata"
            })
    void anyOtherPathIsRefused(String path) {
        assertThatThrownBy(() -> CatalogLayout.pixel(path))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("not the path of a leaf file: '" + path + "'");
    }

    @Test
    void aPixelThatDoesNotExistIsRefused() {
        assertThatThrownBy(() -> CatalogLayout.pixel("dataset/Norder=0/Dir=0/Npix=12.parquet"))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
