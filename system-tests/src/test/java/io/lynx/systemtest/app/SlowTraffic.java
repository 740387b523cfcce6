package io.lynx.systemtest.app;

import io.lynx.plugin.InFlight;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.TrafficListener;
import io.lynx.time.Deadline;
import java.util.List;

/** A server whose one request never ends: its drain takes all the time it is given. */
final class SlowTraffic implements Plugin, TrafficListener {
    private final InFlight inFlight = new InFlight();

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("slow-traffic").build();
    }

    @Override
    public void start(PluginContext context) {
        context.traffic(this);
    }

    @Override
    public String name() {
        return "slow";
    }

    @Override
    public void open() {
        inFlight.begin();
    }

    @Override
    public List<String> urls() {
        return List.of("slow://localhost");
    }

    @Override
    public InFlight inFlight() {
        return inFlight;
    }

    @Override
    public void announceStop() {
        System.out.println("script slow-traffic announced");
    }

    @Override
    public void drain(Deadline deadline) throws InterruptedException {
        System.out.println("script slow-traffic drains");
        boolean _ = inFlight.awaitNone(deadline);
    }

    @Override
    public void close() {
        System.out.println("script slow-traffic closes");
        if (inFlight.current() > 0) {
            inFlight.recordFailure();
            inFlight.end();
        }
    }
}
