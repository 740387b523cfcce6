package io.lynx.benchmarks.harness;

import java.lang.management.ManagementFactory;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/** The machine that the measurements run on. */
public final class Machine {
    private Machine() {}

    /** Describes processors, operating system, JVM and the load of the machine in one line. */
    public static String describe() {
        return String.format(
                Locale.ROOT,
                "%s, %d processors, %s %s, %s; load average %.1f when this was written",
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                System.getProperty("java.vendor.version", "JDK") + " " + Runtime.version(),
                load());
    }

    /** Returns the load average of the last minute; negative where it is unknown. */
    public static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
