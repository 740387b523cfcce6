package io.lynx.event.bridge;

import io.lynx.event.bridge.BridgeTransport.ChannelSubscription;
import io.lynx.extension.Registration;
import io.lynx.plugin.InFlight;
import io.lynx.plugin.TrafficListener;
import io.lynx.time.Deadline;
import java.util.List;

/** Receives from a transport once every plugin has started, and stops before any plugin does. Thread-safe. */
final class BridgeListener implements TrafficListener {
    private final String name;
    private final BridgeTransport transport;
    private final ChannelSubscription subscription;
    private final BridgeReception reception;
    private final InFlight inFlight = new InFlight();
    private volatile Registration receiving = Registration.NONE;

    BridgeListener(
            String name, BridgeTransport transport, ChannelSubscription subscription, BridgeReception reception) {
        this.name = name;
        this.transport = transport;
        this.subscription = subscription;
        this.reception = reception;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public void open() throws Exception {
        receiving = transport.subscribe(subscription, this::receive);
    }

    private void receive(String channel, BridgeMessage message) throws Exception {
        inFlight.begin();
        try {
            reception.receive(channel, message);
        } finally {
            inFlight.end();
        }
    }

    @Override
    public List<String> urls() {
        return List.of();
    }

    @Override
    public InFlight inFlight() {
        return inFlight;
    }

    @Override
    public void announceStop() {
        // It has no clients to tell: what it does not receive, another instance does.
    }

    @Override
    public void drain(Deadline deadline) throws InterruptedException {
        // First, so that the transport does not wait for an attempt that is not made.
        reception.drain();
        receiving.close();
        boolean _ = inFlight.awaitNone(deadline);
    }

    @Override
    public void close() {
        reception.close();
        receiving.close();
    }
}
