package io.skyroll.sinks.hats;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.healpix.Pixel;
import io.skyroll.schemas.failure.SkyrollException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class CatalogPropertiesTest {
    private static final CatalogProperties DETECTIONS = new CatalogProperties(
            "det",
            DataProduct.SOURCE,
            new CatalogColumns("source_ra", "source_dec", List.of("source_id", "mjd")),
            CatalogSize.of(new CatalogPixels(List.of(new Pixel(0, 4), new Pixel(0, 11))), 17_161, 3_000, 1_682_000),
            new Skymaps(Optional.of(8), List.of(6, 4)),
            "skyroll v0.1.0",
            Instant.parse("2026-07-15T19:52:41Z"),
            null,
            Map.of("skyroll_version", "3", "skyroll_position", "a=b: 100% \u00e9"));

    @Test
    void theTextIsThatOfTheHatsNote() {
        assertThat(new String(DETECTIONS.toBytes(), UTF_8))
                .isEqualTo(
                        """
                        #HATS catalog
                        obs_collection=det
                        dataproduct_type=source
                        hats_nrows=17161
                        hats_col_ra=source_ra
                        hats_col_dec=source_dec
                        hats_cols_default=source_id mjd
                        hats_col_healpix=_healpix_29
                        hats_col_healpix_order=29
                        hats_skymap_order=8
                        hats_skymap_alt_orders=4 6
                        hats_npix_suffix=.parquet
                        hats_order=0
                        hats_max_rows=3000
                        hats_estsize=1643
                        moc_sky_fraction=0.16667
                        hats_builder=skyroll v0.1.0
                        hats_creation_date=2026-07-15T19:52UTC
                        hats_version=v1.0
                        skyroll_position=a=b: 100% \u00e9
                        skyroll_version=3
                        """);
    }

    @Test
    void theTextIsReadBack() {
        assertThat(CatalogProperties.parse(DETECTIONS.toBytes())).isEqualTo(DETECTIONS);
        assertThat(CatalogProperties.parse(margin().toBytes())).isEqualTo(margin());
    }

    @Test
    void aMarginCatalogNamesItsMainCatalog() {
        assertThat(new String(margin().toBytes(), UTF_8))
                .contains(
                        "dataproduct_type=margin\nhats_nrows=0\n",
                        "\nhats_primary_table_url=det_v3\nhats_margin_threshold=5.0\n",
                        "\nmoc_sky_fraction=0.0\n")
                .doesNotContain("hats_cols_default", "skymap");
        assertThatThrownBy(() -> new CatalogProperties(
                        "det",
                        DataProduct.OBJECT,
                        DETECTIONS.columns(),
                        DETECTIONS.size(),
                        Skymaps.NONE,
                        "skyroll v0.1.0",
                        Instant.EPOCH,
                        new MarginOf("det_v3", 5),
                        Map.of()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("a margin catalog, and no other, must say what it belongs to: OBJECT");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", " a", "a ", "a\nb", "a\\", "a\\b", "a\tb", "\u00a0 ", "a\u0085b"})
    void aValueThatReadersWouldChangeIsRefused(String value) {
        assertThatThrownBy(() -> new CatalogProperties(
                        "det",
                        DataProduct.OBJECT,
                        DETECTIONS.columns(),
                        DETECTIONS.size(),
                        Skymaps.NONE,
                        "skyroll v0.1.0",
                        Instant.EPOCH,
                        null,
                        Map.of("skyroll_note", value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(
                        "skyroll_note must be text without surrounding spaces, backslashes and control characters: '%s'",
                        value);
    }

    @Test
    void furtherKeysBearOurPrefix() {
        assertThatThrownBy(() -> new CatalogProperties(
                        "det",
                        DataProduct.OBJECT,
                        DETECTIONS.columns(),
                        DETECTIONS.size(),
                        Skymaps.NONE,
                        "skyroll v0.1.0",
                        Instant.EPOCH,
                        null,
                        Map.of("total_rows", "3")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("extra key must match skyroll_[a-z0-9_]+: 'total_rows'");
    }

    @Test
    void aDefaultColumnThatWouldBeSplitIsRefused() {
        assertThatThrownBy(() -> new CatalogColumns("ra", "dec", List.of("my column")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("default column must be without spaces, commas and semicolons: 'my column'");
    }

    @Test
    void aTextWithoutAKeyOrWithAMalformedValueIsRefused() {
        String text = new String(DETECTIONS.toBytes(), UTF_8);

        assertThatThrownBy(() -> CatalogProperties.parse(
                        text.replace("hats_nrows", "nrows").getBytes(UTF_8)))
                .isInstanceOf(SkyrollException.class)
                .hasMessage("hats.properties has no hats_nrows");
        assertThatThrownBy(() ->
                        CatalogProperties.parse(text.replace("17161", "many").getBytes(UTF_8)))
                .isInstanceOf(SkyrollException.class)
                .hasMessage("hats.properties: hats_nrows must be a whole number, found 'many'");
        assertThatThrownBy(() -> CatalogProperties.parse(
                        text.replace("=source\n", "=map\n").getBytes(UTF_8)))
                .isInstanceOf(SkyrollException.class)
                .hasMessage("hats.properties: dataproduct_type must be object, source or margin: 'map'");
        assertThatThrownBy(() ->
                        CatalogProperties.parse(text.replace("19:52UTC", "noon").getBytes(UTF_8)))
                .isInstanceOf(SkyrollException.class)
                .hasMessageStartingWith("hats.properties: hats_creation_date must be a time like");
    }

    private static CatalogProperties margin() {
        return new CatalogProperties(
                "det_margin",
                DataProduct.MARGIN,
                new CatalogColumns("source_ra", "source_dec", List.of()),
                CatalogSize.of(new CatalogPixels(List.of()), 0, 3_000, 0),
                Skymaps.NONE,
                "skyroll v0.1.0",
                Instant.parse("2026-07-15T19:52:00Z"),
                new MarginOf("det_v3", 5),
                Map.of());
    }
}
