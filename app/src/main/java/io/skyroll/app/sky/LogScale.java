package io.skyroll.app.sky;

import java.awt.Color;
import java.util.ArrayList;
import java.util.List;

/**
 * A logarithmic scale of colours.
 *
 * @param lowest what the first colour stands for, above 0
 * @param highest what the last one stands for, above {@code lowest}
 */
record LogScale(double lowest, double highest) {
    /** Viridis at nine places (S. van der Walt, N. Smith 2015, public domain): even steps for the eye, also without colour. */
    private static final int[] COLOURS = {
        0x440154, 0x472D7B, 0x3B528B, 0x2C728E, 0x21918C, 0x28AE80, 0x5EC962, 0xADDC30, 0xFDE725
    };

    private static final int[] STEPS = {1, 2, 5};

    /** Below this many powers of ten, ticks at 2 and 5 as well. */
    private static final double FEW_DECADES = 2.5;

    LogScale {
        if (!(lowest > 0 && highest > lowest)) {
            throw new IllegalArgumentException("a scale needs 0 < lowest < highest: %s, %s".formatted(lowest, highest));
        }
    }

    /** A scale for densities, also if there is only one, or none. */
    static LogScale of(SkyDensity density) {
        double lowest = density.lowest() > 0 ? density.lowest() : 0.1;
        return new LogScale(lowest, Math.max(density.highest(), lowest * 10));
    }

    /** Where a value is, from 0 to 1. */
    double place(double value) {
        double place = Math.log(value / lowest) / Math.log(highest / lowest);
        return Math.max(0, Math.min(1, place));
    }

    /** The colour of a place from 0 to 1. */
    static Color colour(double place) {
        double at = place * (COLOURS.length - 1);
        int below = Math.min((int) at, COLOURS.length - 2);
        Color from = new Color(COLOURS[below]);
        Color to = new Color(COLOURS[below + 1]);
        double part = at - below;
        return new Color(
                mix(from.getRed(), to.getRed(), part),
                mix(from.getGreen(), to.getGreen(), part),
                mix(from.getBlue(), to.getBlue(), part));
    }

    private static int mix(int from, int to, double part) {
        return (int) Math.round(from + (to - from) * part);
    }

    /** Round values within the scale. */
    List<Double> ticks() {
        List<Double> ticks = new ArrayList<>();
        boolean isShort = Math.log10(highest / lowest) < FEW_DECADES;
        for (int power = (int) Math.floor(Math.log10(lowest)); power <= Math.ceil(Math.log10(highest)); power++) {
            for (int step : STEPS) {
                double tick = step * Math.pow(10, power);
                if ((step == 1 || isShort) && tick >= lowest && tick <= highest) {
                    ticks.add(tick);
                }
            }
        }
        return ticks;
    }
}
