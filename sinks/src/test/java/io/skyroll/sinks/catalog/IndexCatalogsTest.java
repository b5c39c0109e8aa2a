package io.skyroll.sinks.catalog;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.skyroll.schemas.failure.SkyrollException;
import io.skyroll.schemas.row.Column;
import io.skyroll.schemas.row.ColumnType;
import io.skyroll.schemas.row.RowSchema;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class IndexCatalogsTest {
    private static final RowSchema ROWS = new RowSchema(
            "public.stars",
            List.of(
                    new Column("hip", ColumnType.INT32, false),
                    new Column("name", ColumnType.STRING, true),
                    new Column("fluxes", ColumnType.list(ColumnType.FLOAT32), true)),
            List.of("hip"));

    @Test
    void columnsOfSingleValuesCanBeIndexed() {
        assertThatCode(() -> IndexCatalogs.check(ROWS, List.of("hip", "name"))).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"HIP", "fluxes"})
    void columnThatIsMissingOrNestedIsRefused(String column) {
        assertThatThrownBy(() -> IndexCatalogs.check(ROWS, List.of("hip", column)))
                .isInstanceOf(SkyrollException.class)
                .hasMessage(
                        "catalog.indexes names %s, by which public.stars cannot be indexed; columns of single values are hip, name"
                                .formatted(column));
    }
}
