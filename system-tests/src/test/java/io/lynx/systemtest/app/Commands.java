package io.lynx.systemtest.app;

import io.lynx.app.ApplicationView;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/**
 * Does what is typed: {@code plugin DEED} on a thread of the plugin, {@code request DEED} on that of the request of {@link
 * SlowTraffic}, {@code thread DEED} on one that belongs to no plugin; {@code stop} requests the shutdown.
 */
final class Commands implements Plugin {
    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("commands").build();
    }

    @Override
    public void start(PluginContext context) {
        Thread.ofPlatform().daemon().name("commands-input").start(() -> read(context));
    }

    private static void read(PluginContext context) {
        var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        try {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                if (line.equals("stop")) {
                    context.resource(ApplicationView.KEY).requestStop("typed");
                    continue;
                }
                String[] words = line.split(" ", 2);
                Deed deed = Deed.valueOf(words[1]);
                Runnable action = () -> perform(deed);
                switch (words[0]) {
                    case "plugin" -> context.threads().newThread(action).start();
                    case "request" ->
                        context.resource(SlowTraffic.REQUEST).newThread(action).start();
                    default -> Thread.ofPlatform().name("somebody").start(action);
                }
            }
        } catch (IOException e) {
            // Nobody types any more.
        }
    }

    private static void perform(Deed deed) {
        try {
            deed.run("commands");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
