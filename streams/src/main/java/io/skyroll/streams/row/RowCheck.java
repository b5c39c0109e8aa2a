package io.skyroll.streams.row;

import io.skyroll.schemas.row.RowPlan;
import io.skyroll.schemas.row.RowSchema;
import io.skyroll.schemas.wire.AvroBuffer;
import io.skyroll.streams.filter.Filter;
import io.skyroll.streams.filter.FilterError;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Decides about rows of one schema: first the filters, in order, then the place. So a filter on the coordinates can give
 * rows without a place a name of its own. Owned by one thread.
 */
public final class RowCheck {
    /** In place of a HEALPix value: the row is rejected. */
    public static final long REJECTED = -1;

    private final RowPlan plan;
    private final Filter[] filters;
    private final Placement placement;
    private final int[] offsets;

    private int end;
    private String rule = "";
    private @Nullable String error;

    /**
     * Compiles the checks.
     *
     * @param columns empty for rows that have no place on the sky: theirs is a hash of the key
     * @throws io.skyroll.schemas.failure.SkyrollException when the schema lacks a column that they need, or it has a type that
     *     does not fit
     */
    public RowCheck(RowSchema schema, Optional<SkyColumns> columns, List<FilterSettings> filters) {
        this.plan = new RowPlan(schema);
        this.placement = Placement.of(schema, columns);
        this.filters = filters.stream()
                .map(filter -> Filter.compile(filter.name(), filter.where(), schema))
                .toArray(Filter[]::new);
        this.offsets = new int[plan.columnCount()];
    }

    /** The HEALPix-29 value of the row that starts at a byte, or the place that stands for it, or {@link #REJECTED}. */
    public long cell(byte[] bytes, int start) {
        end = plan.locate(bytes, start, offsets);
        for (Filter filter : filters) {
            if (!passes(filter, bytes)) {
                return REJECTED;
            }
        }
        long cell = placement.cell(bytes, start, end, offsets);
        if (cell < 0) {
            rule = SkyPlacement.rule(cell);
            error = null;
            return REJECTED;
        }
        return cell;
    }

    private boolean passes(Filter filter, byte[] bytes) {
        try {
            if (filter.accepts(bytes, offsets)) {
                return true;
            }
            error = null;
        } catch (FilterError noValue) {
            error = noValue.getMessage();
        }
        rule = filter.name();
        return false;
    }

    /** Writes the Avro binary of the key record of a row whose cell was asked for last. */
    public void writeKey(byte[] bytes, AvroBuffer target) {
        plan.writeKey(bytes, offsets, target);
    }

    /** Where the last row ended (exclusive). */
    public int end() {
        return end;
    }

    /** Why the last rejected row was rejected: a filter's name, or one of {@link Rules}. */
    public String rule() {
        return rule;
    }

    /** What went wrong while the rule was applied to the last rejected row; null when nothing did, and the row just failed it. */
    public @Nullable String error() {
        return error;
    }
}
