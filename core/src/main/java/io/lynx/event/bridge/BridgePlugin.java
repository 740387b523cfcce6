package io.lynx.event.bridge;

import io.lynx.event.Event;
import io.lynx.event.EventBuses;
import io.lynx.event.ReceivedEvent;
import io.lynx.event.Subscription;
import io.lynx.event.bridge.BridgeQueue.ForwardAccount;
import io.lynx.event.bridge.BridgeReception.ReceptionOutcome;
import io.lynx.event.bridge.BridgeTransport.ChannelSubscription;
import io.lynx.event.bridge.BridgeTransport.UnpublishedMessage;
import io.lynx.event.bridge.ChannelNames.BridgedTopics;
import io.lynx.event.bridge.DeadLetterChannel.LetterOutcome;
import io.lynx.extension.Registration;
import io.lynx.health.Health;
import io.lynx.metrics.Counter;
import io.lynx.metrics.Metric;
import io.lynx.metrics.MetricSource;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginContext;
import io.lynx.plugin.PluginDescriptor;
import io.lynx.time.Deadline;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A bridge between the event buses and a broker: the section {@code lynx.events.bridges.<name>} is enough to add it. It sends the events
 * of chosen topics, and receives those of others; an event that came in by a bridge is not sent. Delivery is at least once in both
 * directions, apart from events that still wait when the process ends: only durable topics keep those. Thread-safe.
 */
public final class BridgePlugin implements Plugin, MetricSource {
    /** The metrics of bridges, in the order of the reference page. */
    public static final List<Metric> METRICS = BridgeMetrics.ALL;

    static final String SECTION = "lynx.events.bridges";

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9]*(-[a-z0-9]+)*");

    private final String name;
    private final List<Subscription> subscriptions = new ArrayList<>();
    private volatile @Nullable BridgeForwarder forwarder;
    private volatile @Nullable BridgeQueue queue;
    private volatile @Nullable BridgeReception reception;

    /**
     * Creates the bridge of a name, which is not started.
     *
     * @throws IllegalArgumentException if the name is malformed
     */
    public BridgePlugin(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("bridge: '" + name + "' is not a name; write " + SECTION
                    + ".<name>.transport, with lower-case letters and digits in parts joined by single dashes");
        }
        this.name = name;
    }

    /** Returns the id of the bridge of that name. */
    public static String id(String name) {
        return "events.bridges." + name;
    }

    @Override
    public PluginDescriptor descriptor() {
        return PluginDescriptor.of(id(name))
                .weight(90)
                .uses(BridgeTransport.CAPABILITY)
                .provides(EventBridge.CAPABILITY, "1.0.0")
                .config(SECTION + "." + name, BridgeConfig.class)
                .build();
    }

    @Override
    public void start(PluginContext context) {
        BridgeConfig config = context.config(BridgeConfig.class);
        BridgeTransport transport = context.findResource(BridgeTransport.key(config.transport()))
                .orElseThrow(() -> new IllegalStateException(SECTION + "." + name + ".transport: '" + config.transport()
                        + "' is not a running plugin that provides a transport; add its module and its section, or write"
                        + " the id of another plugin"));
        ChannelNames channels = new ChannelNames(config.channel(), config.deadLetters());
        List<BridgedTopics> forwarded = BridgedTopics.all(SECTION + "." + name + ".forward", config.forward());
        List<BridgedTopics> received = BridgedTopics.all(SECTION + "." + name + ".receive", config.receive());
        String source = config.source().isEmpty() ? "/" + name : config.source();
        CloudEventCodec codec = new CloudEventCodec(context.json(), source, context.clock());
        RandomGenerator random = RandomGenerator.getDefault();
        BatchPublisher publisher = new BatchPublisher(transport, channels, config.publishTimeout(), context.ticker());
        DeadLetterChannel deadLetters =
                new DeadLetterChannel(name, transport, channels, config.publishTimeout(), context.ticker());
        String origin = HexFormat.of().toHexDigits(random.nextLong());
        Registration _ = context.share(EventBridge.key(name), new SharedBridge(publisher, deadLetters, forwarded));
        Registration _ = context.metricSource(id(name), this);
        forward(context, config, forwarded, publisher, deadLetters, new Outgoing(codec, origin), random);
        if (!received.isEmpty()) {
            receive(context, config, transport, received, deadLetters, codec, origin, random);
        }
    }

    /** Writes events that are sent from the buses. */
    private record Outgoing(CloudEventCodec codec, String origin) {
        BridgeMessage write(Event<?> event) {
            ReceivedEvent about = new ReceivedEvent(event.id(), event.timestamp(), event.headers());
            return codec.write(event.bus(), event.type(), event.payload(), about, event.context())
                    .with(CloudEventCodec.ORIGIN, origin);
        }
    }

    private void forward(
            PluginContext context,
            BridgeConfig config,
            List<BridgedTopics> forwarded,
            BatchPublisher publisher,
            DeadLetterChannel deadLetters,
            Outgoing outgoing,
            RandomGenerator random) {
        BridgeQueue waiting = new BridgeQueue(config.queueSize());
        Counter retries = context.metrics().registry().counter(BridgeMetrics.RETRIES, name, "out");
        BridgeForwarder sending = new BridgeForwarder(
                name,
                waiting,
                publisher,
                deadLetters,
                config,
                context.scheduler(),
                context.ticker(),
                random,
                retries::increment);
        queue = waiting;
        forwarder = sending;
        EventBuses events = context.events();
        subscriptions.clear();
        for (BridgedTopics topics : forwarded) {
            subscriptions.add(events.subscribe(
                    topics.filter(), event -> waiting.put(outgoing.write(event)), o -> o.name("bridge-" + name)
                            .queue(config.queueSize())
                            .where(event -> !event.isReceived() && isFirst(forwarded, topics, event))));
        }
        context.threads().newThread(sending).start();
    }

    /** An event that several entries match is sent once. */
    private static boolean isFirst(List<BridgedTopics> forwarded, BridgedTopics topics, Event<?> event) {
        return forwarded.stream()
                .filter(each -> each.matches(event.bus(), event.type()))
                .findFirst()
                .filter(topics::equals)
                .isPresent();
    }

    private void receive(
            PluginContext context,
            BridgeConfig config,
            BridgeTransport transport,
            List<BridgedTopics> received,
            DeadLetterChannel deadLetters,
            CloudEventCodec codec,
            String origin,
            RandomGenerator random) {
        Counter retries = context.metrics().registry().counter(BridgeMetrics.RETRIES, name, "in");
        LocalDelivery delivery = new LocalDelivery(
                context.events(),
                codec,
                new LocalDelivery.Settings(
                        config.attempts(),
                        true,
                        config.pauses(),
                        context.scheduler(),
                        context.ticker(),
                        random,
                        retries::increment));
        BridgeReception receiving = new BridgeReception(name, received, origin, codec, delivery, deadLetters);
        reception = receiving;
        ChannelSubscription subscription = new ChannelSubscription(
                config.group().isEmpty() ? name : config.group(),
                deadLetters.channels().of(received),
                config.concurrency());
        Registration _ = context.traffic(new BridgeListener(id(name), transport, subscription, receiving));
    }

    /** What other plugins see of it. */
    private record SharedBridge(BatchPublisher publisher, DeadLetterChannel deadLetters, List<BridgedTopics> forwarded)
            implements EventBridge {
        @Override
        public boolean forwards(String bus, String type) {
            return forwarded.stream().anyMatch(each -> each.matches(bus, type));
        }

        @Override
        public List<UnpublishedMessage> publish(List<BridgeMessage> messages) throws InterruptedException {
            return publisher.publish(messages);
        }

        @Override
        public boolean deadLetter(BridgeMessage message, String reason) throws InterruptedException {
            return deadLetters.publish(message, reason) instanceof LetterOutcome.Stored;
        }
    }

    /** Sends what was published before, as far as the time allows. */
    @Override
    public void stop(Deadline deadline) throws Exception {
        BridgeForwarder sending = forwarder;
        if (sending == null) {
            return;
        }
        long left = 0;
        Deadline half = deadline.atMost(deadline.remaining().dividedBy(2));
        for (Subscription subscription : subscriptions) {
            left += subscription.close(half).count();
        }
        left += sending.close(
                deadline.atMost(deadline.remaining().multipliedBy(9).dividedBy(10)));
        forwarder = null;
        if (left > 0) {
            throw new IllegalStateException("bridge '" + name + "': " + left
                    + " events were not sent; the topics of events that must not be lost should be durable");
        }
    }

    @Override
    public Health health() {
        BridgeForwarder sending = forwarder;
        BridgeQueue waiting = queue;
        if (sending == null || waiting == null) {
            return Health.down("not started");
        }
        Throwable problem = sending.problem();
        ForwardAccount account = waiting.account();
        return (problem == null
                        ? Health.up()
                        : Health.degraded("events cannot be sent: " + LocalDelivery.describe(problem)))
                .with("waiting", account.queued() + account.inProgress())
                .with("acknowledged", account.acknowledged());
    }

    @Override
    public void collect(Samples out) {
        BridgeQueue waiting = queue;
        BridgeReception receiving = reception;
        if (waiting != null) {
            ForwardAccount account = waiting.account();
            out.add(BridgeMetrics.FORWARDED, (double) account.acknowledged(), name, "acknowledged");
            out.add(BridgeMetrics.FORWARDED, (double) account.deadLettered(), name, "dead_letter");
            out.add(BridgeMetrics.FORWARDED, (double) account.lost(), name, "lost");
            out.add(BridgeMetrics.FORWARDED, (double) account.undelivered(), name, "undelivered");
            out.add(BridgeMetrics.DEAD_LETTERS, (double) (account.deadLettered() + account.lost()), name, "out");
            out.add(BridgeMetrics.QUEUE, account.queued() + account.inProgress(), name);
        }
        if (receiving != null) {
            for (ReceptionOutcome outcome : ReceptionOutcome.values()) {
                out.add(BridgeMetrics.RECEIVED, (double) receiving.total(outcome), name, outcome.label());
            }
            long letters = receiving.total(ReceptionOutcome.POISON)
                    + receiving.total(ReceptionOutcome.FAILED)
                    + receiving.total(ReceptionOutcome.LOST);
            out.add(BridgeMetrics.DEAD_LETTERS, (double) letters, name, "in");
        }
    }
}
