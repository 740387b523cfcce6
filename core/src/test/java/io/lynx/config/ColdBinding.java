package io.lynx.config;

import java.io.FileInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;

/**
 * Prints what the first load and binding of the complete example costs in a fresh JVM, and the second one, in milliseconds
 * of the clock and of processor time (Linux; the latter is steadier on a busy machine). Not a test: run it by {@code java
 * -cp … io.lynx.config.ColdBinding}.
 */
final class ColdBinding {
    private ColdBinding() {}

    public static void main(String[] args) throws IOException {
        for (int run = 1; run <= 2; run++) {
            long[] start = now();
            Config config = ConfigSources.process(args)
                    .yaml("config.yml", SeedConfigurationTest.COMPLETE)
                    .load();
            long[] loaded = now();
            Binding binding =
                    config.bind(SeedConfigurationTest.SECTIONS, Map.of()).orThrow();
            long[] bound = now();
            System.out.printf(
                    "run %d: load %.1f ms (cpu %.1f), bind %.1f ms (cpu %.1f), total cpu %.1f, %d keys%n",
                    run,
                    (loaded[0] - start[0]) / 1e6,
                    (loaded[1] - start[1]) / 1e6,
                    (bound[0] - loaded[0]) / 1e6,
                    (bound[1] - loaded[1]) / 1e6,
                    (bound[1] - start[1]) / 1e6,
                    binding.table().size());
        }
    }

    private static long[] now() throws IOException {
        try (FileInputStream in = new FileInputStream("/proc/thread-self/schedstat")) {
            String text = new String(in.readNBytes(64), StandardCharsets.US_ASCII);
            return new long[] {System.nanoTime(), Long.parseLong(text.substring(0, text.indexOf(' ')))};
        }
    }
}
