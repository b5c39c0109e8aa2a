package io.skyroll.bench;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * What this process and its PostgreSQL server have used up to a moment.
 *
 * @param nanos wall clock
 * @param cpuNanos CPU of this process, JIT compiler and garbage collector included
 * @param postgresCpuNanos CPU of the server and all its backends, those that have ended included
 */
record Usage(long nanos, long cpuNanos, long postgresCpuNanos) {
    private static final long NANOS_PER_TICK = 10_000_000;
    private static final int UTIME = 11;
    private static final int PPID = 1;

    static Usage now(long postmasterPid) {
        OperatingSystemMXBean system = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        return new Usage(System.nanoTime(), system.getProcessCpuTime(), postgres(postmasterPid) * NANOS_PER_TICK);
    }

    /** Forgets how much heap was used at most; {@link #peakHeapBytes()} counts from here. */
    static void resetPeakHeap() {
        heapPools().forEach(MemoryPoolMXBean::resetPeakUsage);
    }

    /** The sum of the heap pools' peaks since the last reset: at least the peak of the sum. */
    static long peakHeapBytes() {
        return heapPools().mapToLong(pool -> pool.getPeakUsage().getUsed()).sum();
    }

    /** The most memory that this process ever had resident, in bytes. */
    static long peakResidentBytes() {
        try (Stream<String> lines = Files.lines(Path.of("/proc/self/status"))) {
            return lines.filter(line -> line.startsWith("VmHWM:"))
                    .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                    .findFirst()
                    .orElse(0);
        } catch (IOException notLinux) {
            return 0;
        }
    }

    private static Stream<MemoryPoolMXBean> heapPools() {
        return ManagementFactory.getMemoryPoolMXBeans().stream().filter(pool -> pool.getType() == MemoryType.HEAP);
    }

    /** Clock ticks of the postmaster, its ended children and its living ones. */
    private static long postgres(long postmasterPid) {
        long ticks = 0;
        List<Path> processes;
        try (Stream<Path> all = Files.list(Path.of("/proc"))) {
            processes = all.filter(path -> path.getFileName().toString().matches("\\d+"))
                    .toList();
        } catch (IOException notLinux) {
            return 0;
        }
        for (Path process : processes) {
            try {
                String stat = Files.readString(process.resolve("stat"));
                String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
                boolean isPostmaster = process.getFileName().toString().equals(Long.toString(postmasterPid));
                if (isPostmaster) {
                    ticks += sum(fields, UTIME, 4);
                } else if (Long.parseLong(fields[PPID]) == postmasterPid) {
                    ticks += sum(fields, UTIME, 2);
                }
            } catch (IOException ended) {
                // Between listing and reading: the process's parent has its ticks now.
            }
        }
        return ticks;
    }

    private static long sum(String[] fields, int first, int count) {
        long sum = 0;
        for (int i = first; i < first + count; i++) {
            sum += Long.parseLong(fields[i]);
        }
        return sum;
    }
}
