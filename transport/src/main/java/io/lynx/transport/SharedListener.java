package io.lynx.transport;

import io.lynx.app.ApplicationView;
import io.lynx.extension.Registration;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.RequestInFlight;
import io.lynx.plugin.TrafficListener;
import io.lynx.time.Deadline;
import java.io.IOException;
import java.util.List;

/** A listener on which plugins register protocols, as the traffic of an application. Thread-safe. */
final class SharedListener implements Protocols, TrafficListener {
    private final ListenerConfig config;
    private final ProtocolList protocols;
    private final Listener listener;

    SharedListener(PluginContext context, ListenerConfig config) {
        this.config = config;
        this.protocols = new ProtocolList(context.ticker());
        this.listener = Engine.of(context)
                .listener(new ListenerSpec(
                        config,
                        protocols,
                        protocols,
                        SocketGate.prepare(
                                task -> context.threads().newThread(task).start()),
                        context.ticker(),
                        context.findResource(ApplicationView.DEADLINES).orElseGet(context::scheduler),
                        context.clock(),
                        ListenerSpec.origins(context)));
    }

    @Override
    public Registration register(String name, int order, StreamHandler protocol, ListenerObserver observer) {
        return protocols.register(name, order, protocol, observer);
    }

    @Override
    public Listener listener() {
        return listener;
    }

    @Override
    public String url() {
        int port = listener.port();
        if (port == 0) {
            throw new IllegalStateException("listener " + config.name() + ": it is not open");
        }
        return config.url(port);
    }

    @Override
    public String name() {
        return config.name();
    }

    @Override
    public void open() throws IOException, InterruptedException {
        listener.open();
    }

    @Override
    public List<String> urls() {
        return listener.port() == 0 ? List.of() : List.of(url());
    }

    @Override
    public InFlight inFlight() {
        return listener.inFlight();
    }

    @Override
    public List<RequestInFlight> requests(int limit) {
        return listener.requests(limit);
    }

    @Override
    public boolean isAccepting() {
        return listener.isAccepting();
    }

    @Override
    public void announceStop() {
        listener.announceStop();
    }

    @Override
    public void drain(Deadline deadline) throws InterruptedException {
        listener.drain(deadline);
    }

    @Override
    public void close() {
        listener.close();
    }
}
