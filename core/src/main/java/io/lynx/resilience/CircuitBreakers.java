package io.lynx.resilience;

import io.lynx.extension.Notifier;
import io.lynx.extension.Registration;
import io.lynx.time.Ticker;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The circuit breakers of an application by name. A breaker is made at its first use. Its configuration is, from weak to
 * strong: the defaults of all breakers, the options that the code {@linkplain #get(String, Consumer) sets where it uses the
 * breaker}, and the configuration of its name. Thread-safe; finding a breaker that exists takes no lock.
 *
 * <p>Names are bounded, since they may come from outside; an idle breaker makes place for a new name, but one that is still
 * held is never replaced. If every breaker is in use, a new name gets {@link #unprotected()}: a name without protection does
 * less harm than a breaker shared by two names, one of which would stop the other.
 */
public final class CircuitBreakers {
    /** The name of the breaker for names beyond the bound. */
    public static final String OTHER = "other";

    /** Beyond this number, options of breakers that do not exist are forgotten. */
    private static final int MAX_OPTIONS = 10_000;

    private final CircuitBreakerConfig defaults;
    private final Map<String, Consumer<CircuitBreakerConfig.Builder>> overrides;
    private final ConcurrentHashMap<String, Consumer<? super CircuitBreakerConfig.Builder>> options;
    private final Ticker ticker;
    private final DoubleSupplier random;
    private final Notifier<CircuitBreakerEvent> notifier;
    private final BreakerStore store;
    private final Unprotected unprotected;
    private final BiConsumer<String, Registration> owner;

    private CircuitBreakers(Builder builder) {
        this.owner = (_, _) -> {};
        this.options = new ConcurrentHashMap<>();
        this.defaults = builder.defaults;
        this.overrides = Map.copyOf(builder.overrides);
        this.ticker = builder.ticker;
        this.random = builder.random;
        this.notifier = new Notifier<>(ticker);
        this.store = new BreakerStore(builder.maxNames, builder.idleAfter.toNanos(), ticker);
        this.unprotected = new Unprotected(defaults, ticker);
    }

    private CircuitBreakers(CircuitBreakers same, BiConsumer<String, Registration> owner) {
        this.owner = owner;
        this.options = same.options;
        this.defaults = same.defaults;
        this.overrides = same.overrides;
        this.ticker = same.ticker;
        this.random = same.random;
        this.notifier = same.notifier;
        this.store = same.store;
        this.unprotected = same.unprotected;
    }

    /**
     * Returns the same breakers, for code whose options are withdrawn together.
     *
     * @param receiver receives the name of each breaker whose options are set through the result, and what withdraws them. What
     *     it throws reaches the caller
     */
    public CircuitBreakers withOwner(BiConsumer<String, Registration> receiver) {
        return new CircuitBreakers(this, receiver);
    }

    /** Returns breakers with these defaults on the JVM's clock. */
    public static CircuitBreakers of(CircuitBreakerConfig defaults) {
        return builder(defaults).build();
    }

    /** Returns a builder with the section's defaults and its configuration of single breakers. */
    public static Builder builder(CircuitBreakerSection section) {
        Builder builder = new Builder(SectionMapping.common(section));
        section.breakers().forEach((name, own) -> builder.override(name, SectionMapping.override(own)));
        return builder;
    }

    /** Returns a builder with the defaults of all breakers. */
    public static Builder builder(CircuitBreakerConfig defaults) {
        return new Builder(defaults);
    }

    /**
     * Returns the breaker of this name.
     *
     * @param name 1 to 200 characters
     * @throws IllegalArgumentException if the name is empty or too long
     */
    public CircuitBreaker get(String name) {
        CircuitBreaker breaker = store.get(name, overrides.containsKey(name), this::create);
        return breaker == null ? unprotected() : breaker;
    }

    /**
     * Returns the breaker of this name with these options, such as {@code b -> b.failureWhen(IOException.class::isInstance)}.
     * They take effect at once, also if the breaker exists, and replace options that were set before. Configuration of the
     * breaker's name overrides them.
     *
     * @param name 1 to 200 characters
     * @throws IllegalArgumentException if the name or the resulting configuration is not valid
     */
    @SuppressWarnings("ReferenceEquality") // The same object stands for the same options; equals is the user's code.
    public CircuitBreaker get(String name, Consumer<? super CircuitBreakerConfig.Builder> options) {
        if (this.options.get(name) == options) {
            return get(name);
        }
        Registration _ = configure(name, options);
        CircuitBreaker breaker = get(name);
        if (!unprotected.is(breaker)) {
            breaker.configure(config(name, options)); // It may have been made meanwhile, without the options.
        }
        return breaker;
    }

    /**
     * Sets the options of the breaker of this name, as {@link #get(String, Consumer)} does, without making it.
     *
     * @return restores the defaults, unless other options have been set meanwhile
     * @throws IllegalArgumentException if the resulting configuration is not valid
     */
    Registration configure(String name, Consumer<? super CircuitBreakerConfig.Builder> code) {
        CircuitBreakerConfig config = config(name, code);
        if (options.size() >= MAX_OPTIONS) {
            options.keySet().removeIf(configured -> store.find(configured) == null);
        }
        options.put(name, code);
        find(name).ifPresent(breaker -> breaker.configure(config));
        Registration set = () -> {
            if (options.remove(name, code)) {
                find(name).ifPresent(breaker -> breaker.configure(config(name, _ -> {})));
            }
        };
        owner.accept(name, set);
        return set;
    }

    private CircuitBreakerConfig config(String name, Consumer<? super CircuitBreakerConfig.Builder> code) {
        CircuitBreakerConfig.Builder builder = defaults.toBuilder();
        code.accept(builder);
        overrides.getOrDefault(name, _ -> {}).accept(builder);
        return builder.build();
    }

    private CircuitBreaker create(String name) {
        return new CircuitBreaker(name, config(name, options.getOrDefault(name, _ -> {})), ticker, random, notifier);
    }

    /** Returns the breaker of this name if there is one; none is made. */
    public Optional<CircuitBreaker> find(String name) {
        return Optional.ofNullable(store.find(name));
    }

    /** Returns all breakers that exist now, in no particular order; an evicted one only if it is still called. */
    public Collection<CircuitBreaker> all() {
        return store.all();
    }

    /** Returns the number of names that count towards the bound. */
    int size() {
        return store.size();
    }

    /** Returns a breaker that accepts every call, for names beyond the bound. */
    CircuitBreaker unprotected() {
        return unprotected.get();
    }

    /**
     * Adds a listener of the events of every breaker from now on. It is called on the thread that causes the event and must not
     * block; what it throws is logged and harms no call.
     *
     * @param name identifies the listener in the log
     * @return removes it
     */
    public Registration addListener(String name, Consumer<? super CircuitBreakerEvent> listener) {
        return notifier.add(name, listener);
    }

    /** Returns the total of breakers that made place for others. */
    public long evictions() {
        return store.evictions();
    }

    /** Returns the total of look-ups that found no place; above zero means that the source of the names does not bound them. */
    public long overflows() {
        return store.overflows();
    }

    /** Makes the disabled breaker at its first use. Thread-safe. */
    private static final class Unprotected {
        private final CircuitBreakerConfig config;
        private final Ticker ticker;

        private volatile @Nullable CircuitBreaker breaker;

        Unprotected(CircuitBreakerConfig config, Ticker ticker) {
            this.config = config;
            this.ticker = ticker;
        }

        CircuitBreaker get() {
            CircuitBreaker known = breaker;
            return known == null ? make() : known;
        }

        private synchronized CircuitBreaker make() {
            CircuitBreaker known = breaker;
            if (known == null) {
                known = CircuitBreaker.of(OTHER, config, ticker);
                known.disable();
                breaker = known;
            }
            return known;
        }

        boolean is(CircuitBreaker other) {
            return breaker == other;
        }
    }

    /** Collects the values of {@link CircuitBreakers}. Not thread-safe. */
    public static final class Builder {
        private static final int DEFAULT_NAMES = 1024;
        private static final Duration SHORTEST_IDLE = Duration.ofMillis(1);
        private static final Duration LONGEST_IDLE = Duration.ofDays(365);

        private final CircuitBreakerConfig defaults;
        private final Map<String, Consumer<CircuitBreakerConfig.Builder>> overrides = new HashMap<>();
        private int maxNames = DEFAULT_NAMES;
        private Duration idleAfter = Duration.ofMinutes(5);
        private Ticker ticker = Ticker.system();
        private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

        private Builder(CircuitBreakerConfig defaults) {
            this.defaults = defaults;
        }

        /** Sets what is configured for one name, which overrides defaults and options. Its breaker is never evicted. */
        public Builder override(String name, Consumer<CircuitBreakerConfig.Builder> values) {
            overrides.put(name, values);
            return this;
        }

        /** Sets the maximum number of breakers, 1 to 100,000; 1024 unless set. */
        Builder maxNames(int names) {
            this.maxNames = names;
            return this;
        }

        /** Sets after which time without calls a breaker may be replaced although it remembers failures; 5 min unless set. */
        Builder idleAfter(Duration duration) {
            this.idleAfter = duration;
            return this;
        }

        /** Sets the clock; the JVM's unless set. */
        public Builder ticker(Ticker clock) {
            this.ticker = clock;
            return this;
        }

        /** Sets the source of jitter: numbers from 0 to below 1; must be thread-safe. */
        Builder random(DoubleSupplier numbers) {
            this.random = numbers;
            return this;
        }

        /**
         * Returns the breakers.
         *
         * @throws IllegalArgumentException naming every value that is out of range
         */
        public CircuitBreakers build() {
            Problems problems = new Problems("circuit_breakers");
            problems.unless(maxNames >= 1 && maxNames <= 100_000, "max_names", maxNames, "1 to 100000");
            problems.unless(
                    overrides.size() <= maxNames,
                    "overrides",
                    overrides.size(),
                    "at most max_names (" + maxNames + ")");
            problems.within("idle_after", idleAfter, SHORTEST_IDLE, LONGEST_IDLE);
            problems.raise();
            CircuitBreakers breakers = new CircuitBreakers(this);
            overrides.keySet().forEach(name -> {
                CircuitBreakerConfig _ = breakers.config(name, _ -> {}); // Fails here rather than at the first use.
            });
            return breakers;
        }
    }
}
