package io.lynx.systemtest.app;

import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A plugin that does what a line says, and tells on the standard output when it begins and ends. The line is
 * {@code id[@version][?][>needed[range]]…[!unwanted]…=START/STOP}, each of the latter a {@link Deed}; {@code ?} makes it
 * optional.
 */
final class ScriptedPlugin implements Plugin {
    private static final Pattern LINE =
            Pattern.compile("([^@?>!=]+)(@[^?>!=]+)?(\\?)?((?:[>!][^>!=]+)*)=(\\w+)/(\\w+)");
    private static final Pattern RELATION = Pattern.compile("([>!])([^>!]+)");

    private final PluginDescriptor descriptor;
    private final Deed onStart;
    private final Deed onStop;

    private ScriptedPlugin(PluginDescriptor descriptor, Deed onStart, Deed onStop) {
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
        return new ScriptedPlugin(builder.build(), Deed.valueOf(parts.group(5)), Deed.valueOf(parts.group(6)));
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
