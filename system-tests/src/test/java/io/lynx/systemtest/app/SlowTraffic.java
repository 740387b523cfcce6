package io.lynx.systemtest.app;

import io.lynx.extension.Registration;
import io.lynx.extension.ResourceKey;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.plugin.RequestInFlight;
import io.lynx.plugin.TrafficListener;
import io.lynx.time.Deadline;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ThreadFactory;
import org.jspecify.annotations.Nullable;

/** A server whose one request never ends: its drain takes all the time it is given. */
final class SlowTraffic implements Plugin, TrafficListener {
    /** Makes the thread of its request. */
    static final ResourceKey<ThreadFactory> REQUEST = ResourceKey.of("slow-traffic.request", ThreadFactory.class);

    private final InFlight inFlight = new InFlight();
    private volatile @Nullable Thread request;

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of("slow-traffic").build();
    }

    @Override
    public void start(PluginContext context) {
        context.traffic(this);
        Registration _ = context.share(REQUEST, task -> {
            Thread thread = Thread.ofVirtual().name("slow-request").unstarted(task);
            request = thread;
            return thread;
        });
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
    public List<RequestInFlight> requests(int limit) {
        return inFlight.current() == 0
                ? List.of()
                : List.of(new RequestInFlight("GET /slow", Duration.ofSeconds(1), request));
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
