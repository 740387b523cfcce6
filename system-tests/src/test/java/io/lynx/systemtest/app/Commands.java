package io.lynx.systemtest.app;

import io.lynx.app.ApplicationView;
import io.lynx.app.StartException;
import io.lynx.event.Topic;
import io.lynx.job.Schedule;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Does what is typed: {@code plugin DEED} on a thread of the plugin, {@code request DEED} on that of the request of {@link
 * SlowTraffic}, {@code job DEED} in a job, {@code event DEED} in an event handler, {@code thread DEED} on one that belongs to no
 * plugin; {@code restart ID} restarts a plugin; {@code stop} requests the shutdown.
 */
final class Commands implements Plugin {
    private static final Topic<String> DEEDS = Topic.of("business", "deeds", String.class);

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("commands").build();
    }

    @Override
    public void start(PluginContext context) {
        var _ = context.events()
                .subscribe(DEEDS, deed -> perform(Deed.valueOf(deed)), options -> options.name("deeds"));
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
                if (words[0].equals("restart")) {
                    restart(context, words[1]);
                    continue;
                }
                Deed deed = Deed.valueOf(words[1]);
                Runnable action = () -> perform(deed);
                switch (words[0]) {
                    case "plugin" -> context.threads().newThread(action).start();
                    case "request" ->
                        context.resource(SlowTraffic.REQUEST).newThread(action).start();
                    case "job" -> {
                        var _ = context.schedule("deed", Schedule.every(Duration.ofMillis(1)), _ -> perform(deed));
                    }
                    case "event" -> {
                        var _ = context.events().publish(DEEDS, deed.name());
                    }
                    default -> Thread.ofPlatform().name("somebody").start(action);
                }
            }
        } catch (IOException e) {
            // Nobody types any more.
        }
    }

    private static void restart(PluginContext context, String id) {
        try {
            context.resource(ApplicationView.KEY).restart(id);
            System.out.println("script restarted " + id);
        } catch (StartException failed) {
            System.out.println("script failed to restart " + id);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void perform(Deed deed) {
        System.out.println("script commands performs " + deed);
        try {
            deed.run("commands");
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
