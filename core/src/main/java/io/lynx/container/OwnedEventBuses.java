package io.lynx.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.event.DurableEvents;
import io.lynx.event.Event;
import io.lynx.event.Event.EventHeaders;
import io.lynx.event.EventBuses;
import io.lynx.event.EventHandler;
import io.lynx.event.EventReceipt;
import io.lynx.event.PublishResult;
import io.lynx.event.Subscription;
import io.lynx.event.Subscription.SubscriptionOptions;
import io.lynx.event.Topic;
import io.lynx.event.TopicFilter;
import io.lynx.extension.Registration;
import io.lynx.extension.watch.PluginOwned;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** The application's event buses as one plugin uses them: its subscriptions are owned by its scope. Thread-safe. */
final class OwnedEventBuses implements EventBuses {
    private final EventBuses buses;
    private final PluginScope scope;

    OwnedEventBuses(EventBuses buses, PluginScope scope) {
        this.buses = buses;
        this.scope = scope;
    }

    @Override
    public <T> PublishResult publish(Topic<T> topic, T payload) {
        return buses.publish(topic, payload);
    }

    @Override
    public <T> PublishResult publish(Topic<T> topic, T payload, EventHeaders headers) {
        return buses.publish(topic, payload, headers);
    }

    @Override
    public <T> PublishResult offer(Topic<T> topic, T payload, EventHeaders headers) {
        return buses.offer(topic, payload, headers);
    }

    @Override
    public <T> void receive(Topic<T> topic, T payload, EventReceipt receipt) {
        buses.receive(topic, payload, receipt);
    }

    @Override
    public Optional<Topic<?>> topic(String bus, String type) {
        return buses.topic(bus, type);
    }

    @Override
    public Registration durable(DurableEvents store) {
        String what = "keep durable events";
        scope.requireOpen(what);
        return scope.own(buses.durable(store), what);
    }

    @Override
    public <T> Subscription subscribe(
            Topic<T> topic, EventHandler<? super T> handler, UnaryOperator<SubscriptionOptions> as) {
        scope.requireOpen("subscribe to " + topic);
        return own(as, owned -> buses.subscribe(topic, handler, owned));
    }

    @Override
    public <T> Subscription subscribe(
            TopicFilter<T> filter,
            EventHandler<? super Event<? extends T>> handler,
            UnaryOperator<SubscriptionOptions> as) {
        scope.requireOpen("subscribe to " + filter);
        return own(as, owned -> buses.subscribe(filter, handler, owned));
    }

    /** Owns a subscription until its handler receives nothing more: a plugin may open and close any number of them. */
    private Subscription own(
            UnaryOperator<SubscriptionOptions> as,
            Function<UnaryOperator<SubscriptionOptions>, Subscription> subscribe) {
        OwnedOptions options = new OwnedOptions(scope.id(), as);
        Subscription subscription = subscribe.apply(options);
        options.ownedUntilEnd(scope.ownUntilForgotten(subscription));
        return subscription;
    }

    /** Options that name the plugin which subscribes, and make its scope forget the subscription at its end. Thread-safe. */
    private static final class OwnedOptions implements UnaryOperator<SubscriptionOptions>, PluginOwned {
        private final String plugin;
        private final UnaryOperator<SubscriptionOptions> changes;

        /** Makes the scope forget the subscription; null before the scope owns it. */
        @GuardedBy("this")
        private @Nullable Runnable forget;

        @GuardedBy("this")
        private boolean hasEnded;

        OwnedOptions(String plugin, UnaryOperator<SubscriptionOptions> changes) {
            this.plugin = plugin;
            this.changes = changes;
        }

        @Override
        public String plugin() {
            return plugin;
        }

        @Override
        public SubscriptionOptions apply(SubscriptionOptions options) {
            return changes.apply(options);
        }

        void ownedUntilEnd(Runnable forgetting) {
            boolean isLate;
            synchronized (this) {
                forget = forgetting;
                isLate = hasEnded;
            }
            if (isLate) {
                forgetting.run();
            }
        }

        @Override
        public void ended() {
            Runnable forgetting;
            synchronized (this) {
                hasEnded = true;
                forgetting = forget;
            }
            if (forgetting != null) {
                forgetting.run();
            }
        }
    }
}
