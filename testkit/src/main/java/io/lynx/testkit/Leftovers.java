package io.lynx.testkit;

import io.lynx.app.Application;
import io.lynx.metrics.MetricRegistry;
import io.lynx.time.Deadline;
import io.lynx.time.Ticker;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Finds what an application has left behind: threads, listening sockets, metric sources and gauges. The threads of several tests in one JVM
 * are distinguished by their context class loaders. Sockets, and virtual threads that no plugin's context created, cannot be
 * attributed to a test, so they are checked only while no other {@link LynxTest} runs. Used by one thread.
 */
final class Leftovers {
    /** The part of the test's patience that threads get to end by themselves, if that is longer than {@link #LEAST}. */
    private static final int PART = 4;

    /** Even a thread that ends at once may wait this long for a processor. */
    private static final Duration LEAST = Duration.ofSeconds(3);

    private static final long PAUSE_NANOS = 5_000_000;

    /** Threads of the JVM and of libraries that live as long as the JVM, even if the application was the first to need them. */
    private static final Pattern SHARED = Pattern.compile("ForkJoinPool.*|Common-Cleaner|Cleaner-.*|process reaper.*"
            + "|Keep-Alive-Timer|Attach Listener|Signal Dispatcher|JNA Cleaner|globalEventExecutor-.*"
            + "|RMI .*|GC Daemon|VirtualThread-unparker|logback-.*|lynx-log");

    private final LynxTestPlan plan;
    private final PluginProbes probes;
    private final Map<Integer, String> listenerPorts = new LinkedHashMap<>();
    private long threadsFrom;

    Leftovers(LynxTestPlan plan, PluginProbes probes) {
        this.plan = plan;
        this.probes = probes;
    }

    /** Marks the beginning of a run. */
    void begin() {
        // Ids of threads only grow, so every later thread has a higher one.
        threadsFrom = Thread.ofVirtual().unstarted(() -> {}).threadId();
        listenerPorts.clear();
    }

    /** Notes the ports of an application that is ready. */
    void opened(Application application) {
        application
                .listeners()
                .forEach((name, urls) -> urls.forEach(url -> {
                    int port = URI.create(url).getPort();
                    if (port > 0) {
                        String _ = listenerPorts.put(port, name);
                    }
                }));
    }

    /**
     * Fails if something is left, after it has had time to go.
     *
     * @param problems what else went wrong
     */
    void check(ApplicationRun run, List<String> problems) {
        List<String> all = new ArrayList<>(problems);
        if (run.isBegun()) {
            Duration part = plan.patience().dividedBy(PART);
            Deadline end = Deadline.after(part.compareTo(LEAST) > 0 ? part : LEAST, Ticker.system());
            List<String> left = find(run);
            while (!left.isEmpty() && !end.isExpired()) {
                LockSupport.parkNanos(PAUSE_NANOS);
                left = find(run);
            }
            all.addAll(left);
        }
        if (!all.isEmpty()) {
            throw new AssertionError(
                    "the application did not end cleanly:\n  - " + String.join("\n  - ", new LinkedHashSet<>(all)));
        }
    }

    private List<String> find(ApplicationRun run) {
        Map<Thread, StackTraceElement[]> platform = Thread.getAllStackTraces();
        List<String> left = new ArrayList<>();
        platform.forEach((thread, stack) -> {
            if (run.loader().isOf(thread) && thread.isAlive() && !isShared(thread.getName())) {
                left.add(text(thread.getName(), List.of(stack)));
            }
        });
        boolean isAlone = platform.keySet().stream().noneMatch(run.loader()::isOfAnother);
        if (isAlone) {
            virtualThreads(left);
            ports(left);
        }
        if (run.wasReady()) {
            metrics(run.application().metrics().registry(), left);
        }
        return left;
    }

    private boolean isShared(String name) {
        return SHARED.matcher(name).matches()
                || plan.ignoredThreads().stream()
                        .anyMatch(ignored -> ignored.matcher(name).matches());
    }

    private String text(String name, List<StackTraceElement> stack) {
        String owner = ownerOf(stack);
        return "thread '" + name + "'" + (owner == null ? "" : " of plugin '" + owner + "'") + " still runs, "
                + StackText.of(stack.toArray(StackTraceElement[]::new));
    }

    private @Nullable String ownerOf(List<StackTraceElement> stack) {
        for (StackTraceElement frame : stack) {
            String owner = probes.ownerOf(frame.getClassName());
            if (owner != null) {
                return owner;
            }
        }
        return null;
    }

    private void virtualThreads(List<String> left) {
        for (VirtualThreadDump.Entry thread : VirtualThreadDump.since(threadsFrom)) {
            if (!isShared(thread.name())) {
                String owner = ownerOf(thread.stack());
                if (owner != null || thread.name().startsWith("lynx-")) {
                    left.add(text(thread.name(), thread.stack()));
                }
            }
        }
    }

    private void ports(List<String> left) {
        for (String port : OpenedThings.listeningPorts()) {
            List<String> origins = probes.originsOf(port);
            String listener = listenerPorts.entrySet().stream()
                    .filter(entry -> port.startsWith("port " + entry.getKey() + " "))
                    .map(Map.Entry::getValue)
                    .findFirst()
                    .orElse(null);
            if (listener != null) {
                left.add(port + "; it belongs to the listener '" + listener + "'");
            } else if (!origins.isEmpty()) {
                left.add(port + "; " + openedBy(origins));
            }
        }
    }

    private void metrics(MetricRegistry registry, List<String> left) {
        for (String thing : OpenedThings.metrics(registry)) {
            if (!probes.wasOpenAtFirst(thing)) {
                List<String> origins = probes.originsOf(thing);
                left.add(thing + (origins.isEmpty() ? "" : "; " + openedBy(origins)));
            }
        }
    }

    private static String openedBy(List<String> plugins) {
        return "it appeared during the start of plugin '" + String.join("' or '", plugins) + "'";
    }
}
