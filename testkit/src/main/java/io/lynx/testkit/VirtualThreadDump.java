package io.lynx.testkit;

import com.sun.management.HotSpotDiagnosticMXBean;
import com.sun.management.HotSpotDiagnosticMXBean.ThreadDumpFormat;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Lists the virtual threads of the JVM, which only a thread dump shows. Stateless. */
final class VirtualThreadDump {
    private static final Pattern THREAD = Pattern.compile("#(\\d+) \"(.*)\" virtual\\b.*");
    private static final Pattern FRAME =
            Pattern.compile("\\s+at (?:[^/ ]+/)?([^ (]+)\\.([^. (]+)\\(([^:)]*):?(\\d*)\\)");

    private VirtualThreadDump() {}

    /** A virtual thread and what it does. */
    record Entry(String name, List<StackTraceElement> stack) {}

    /** Returns the virtual threads whose id is higher than {@code id}; none if the JVM cannot list them. */
    static List<Entry> since(long id) {
        HotSpotDiagnosticMXBean diagnostics = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
        if (diagnostics == null) {
            return List.of();
        }
        try {
            Path folder = Files.createTempDirectory("lynx-test");
            Path file = folder.resolve("threads.txt");
            try {
                diagnostics.dumpThreads(file.toString(), ThreadDumpFormat.TEXT_PLAIN);
                return parse(Files.readAllLines(file), id);
            } finally {
                boolean _ = Files.deleteIfExists(file);
                Files.delete(folder);
            }
        } catch (IOException | UnsupportedOperationException notHere) {
            return List.of();
        }
    }

    static List<Entry> parse(List<String> lines, long id) {
        List<Entry> threads = new ArrayList<>();
        String name = null;
        List<StackTraceElement> stack = new ArrayList<>();
        for (String line : lines) {
            if (line.startsWith("#")) {
                add(name, stack, threads);
                Matcher thread = THREAD.matcher(line);
                boolean isWanted = thread.matches() && Long.parseLong(thread.group(1)) > id;
                name = isWanted ? thread.group(2) : null;
                stack = new ArrayList<>();
            } else {
                Matcher frame = FRAME.matcher(line);
                if (frame.matches()) {
                    String number = frame.group(4);
                    stack.add(new StackTraceElement(
                            frame.group(1),
                            frame.group(2),
                            frame.group(3),
                            number.isEmpty() ? -1 : Integer.parseInt(number)));
                }
            }
        }
        add(name, stack, threads);
        return threads;
    }

    private static void add(@Nullable String name, List<StackTraceElement> stack, List<Entry> threads) {
        if (name != null) {
            threads.add(new Entry(name, List.copyOf(stack)));
        }
    }
}
