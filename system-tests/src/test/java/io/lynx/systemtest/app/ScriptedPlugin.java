package io.lynx.systemtest.app;

import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A plugin that does what a line says, and tells on the standard output when it begins and ends. The line is
 * {@code id[@version][?][>needed[range]]…[!unwanted]…=START/STOP}, each of the latter a {@link Deed}, or several with commas between:
 * one for each time, the last for every further time. {@code ?} makes it optional.
 */
final class ScriptedPlugin implements Plugin {
    private static final Pattern LINE =
            Pattern.compile("([^@?>!=]+)(@[^?>!=]+)?(\\?)?((?:[>!][^>!=]+)*)=([\\w,]+)/([\\w,]+)");
    private static final Pattern RELATION = Pattern.compile("([>!])([^>!]+)");

    private final PluginDescriptor descriptor;
    private final Deeds onStart;
    private final Deeds onStop;

    /** What it does each time. An earlier time may not have ended. */
    private record Deeds(List<Deed> each, AtomicInteger begun) {
        static Deeds of(String names) {
            return new Deeds(Stream.of(names.split(",")).map(Deed::valueOf).toList(), new AtomicInteger());
        }

        void run(String plugin) throws Exception {
            each.get(Math.min(begun.getAndIncrement(), each.size() - 1)).run(plugin);
        }
    }

    private ScriptedPlugin(PluginDescriptor descriptor, Deeds onStart, Deeds onStop) {
        this.descriptor = descriptor;
        this.onStart = onStart;
        this.onStop = onStop;
    }

    static ScriptedPlugin of(String line) {
        Matcher parts = LINE.matcher(line);
        if (!parts.matches()) {
            throw new IllegalArgumentException("script: '" + line + "'");
        }
        PluginDescriptor.Builder builder = PluginDescriptor.of(parts.group(1));
        if (parts.group(2) != null) {
            builder.version(parts.group(2).substring(1));
        }
        if (parts.group(3) != null) {
            builder.optional();
        }
        Matcher relations = RELATION.matcher(parts.group(4));
        while (relations.find()) {
            String[] other = relations.group(2).split("~", 2);
            String range = other.length > 1 ? other[1] : "*";
            if (relations.group(1).equals(">")) {
                builder.requires(other[0], range);
            } else {
                builder.conflictsWith(other[0], range);
            }
        }
        return new ScriptedPlugin(builder.build(), Deeds.of(parts.group(5)), Deeds.of(parts.group(6)));
    }

    @Override
    public PluginDescriptor descriptor() {
        return descriptor;
    }

    @Override
    public void start(PluginContext context) throws Exception {
        System.out.println("script " + descriptor.id() + " starts");
        onStart.run(descriptor.id());
        System.out.println("script " + descriptor.id() + " started");
    }

    @Override
    public void stop(Deadline deadline) throws Exception {
        System.out.println("script " + descriptor.id() + " stops");
        onStop.run(descriptor.id());
        System.out.println("script " + descriptor.id() + " stopped");
    }
}
