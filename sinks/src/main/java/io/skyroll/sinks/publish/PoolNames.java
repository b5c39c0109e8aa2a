package io.skyroll.sinks.publish;

import io.skyroll.sinks.merge.NewFiles;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Names of files in the pool. They tell which attempt a file belongs to, so that garbage is found without clocks.
 *
 * @param generation from 1
 * @param step the step that the file is written for
 * @param partition the partition, or part of the margins, that it belongs to
 * @param uniqueNames makes the name unlike any other
 */
record PoolNames(int generation, long step, int partition, Supplier<String> uniqueNames) implements NewFiles {
    private static final Pattern NAME = Pattern.compile("g(\\d+)-s(\\d+)-p\\d+-.*");

    @Override
    public String leaf() {
        return path("parquet");
    }

    @Override
    public String border() {
        return path("border.parquet");
    }

    String margin() {
        return path("margin.parquet");
    }

    String counts() {
        return path("counts");
    }

    /** Whether the file of a name was written for a step up to the given one, or for any step of an earlier generation. */
    static boolean isUpTo(String name, int generation, long step) {
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            return false;
        }
        int of = Integer.parseInt(matcher.group(1));
        return of < generation || (of == generation && Long.parseLong(matcher.group(2)) <= step);
    }

    private String path(String suffix) {
        return "%s/g%d-s%06d-p%03d-%s.%s".formatted(Chain.POOL, generation, step, partition, uniqueNames.get(), suffix);
    }
}
