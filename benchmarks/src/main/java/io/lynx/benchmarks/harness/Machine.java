package io.lynx.benchmarks.harness;

import java.lang.management.ManagementFactory;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.Locale;

/** What the measurements were made on. */
public final class Machine {
    private Machine() {}

    /** Processors, operating system and JVM, and how much others have the machine do, on one line. */
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

    /** The load average of the last minute; negative where there is none. */
    public static double load() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }
}
