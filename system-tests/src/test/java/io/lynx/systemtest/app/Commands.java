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
 * Does what is typed: {@code plugin DEED} on a thread of the plugin's, {@code thread DEED} on one of nobody's, {@code
 * stop} as a program does that asks for its own end.
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
                if (words[0].equals("plugin")) {
                    context.threads().newThread(() -> perform(deed)).start();
                } else {
                    Thread.ofPlatform().name("somebody").start(() -> perform(deed));
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
