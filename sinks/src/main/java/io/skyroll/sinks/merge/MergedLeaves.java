package io.skyroll.sinks.merge;

import io.skyroll.sinks.hats.CellCounts;
import io.skyroll.sinks.hats.OrderMaxima;
import io.skyroll.sinks.leaf.LeafWork;
import java.util.List;

/**
 * A partition's leaves after a merge.
 *
 * @param leaves in sky order
 * @param counts their rows by cell of the highest order
 * @param maxima the fullest cell of each order
 * @param work what the merge took
 */
public record MergedLeaves(List<Leaf> leaves, CellCounts counts, OrderMaxima maxima, LeafWork work) {}
