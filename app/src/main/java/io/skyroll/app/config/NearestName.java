package io.skyroll.app.config;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Finds the name that was probably meant, by the optimal string alignment distance (edits and swaps of neighbours). */
final class NearestName {

    private NearestName() {}

    /** The nearest of the known names, unless all are too far to be meant. */
    static Optional<String> of(String unknown, Collection<String> known) {
        int limit = Math.max(2, unknown.length() / 2);
        return known.stream()
                .filter(name -> name.startsWith(unknown) || distance(unknown, name) <= limit)
                .min(Comparator.comparingInt((String name) -> distance(unknown, name))
                        .thenComparing(name -> name));
    }

    private static int distance(String one, String other) {
        int[][] cost = new int[one.length() + 1][other.length() + 1];
        for (int i = 0; i <= one.length(); i++) {
            for (int j = 0; j <= other.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                int change = one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1;
                cost[i][j] = Math.min(Math.min(cost[i - 1][j], cost[i][j - 1]) + 1, cost[i - 1][j - 1] + change);
                boolean swapped = i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1);
                if (swapped) {
                    cost[i][j] = Math.min(cost[i][j], cost[i - 2][j - 2] + 1);
                }
            }
        }
        return cost[one.length()][other.length()];
    }
}
