package io.lynx.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.plugin.PluginContext;
import io.lynx.recovery.Classification;
import io.lynx.recovery.Classification.Disposition;
import io.lynx.recovery.ErrorCategory;
import io.lynx.recovery.ErrorClassifier;
import io.lynx.recovery.ErrorRecoveryManager;
import io.lynx.recovery.ErrorSeverity;
import io.lynx.recovery.RecoveryStrategy;
import io.lynx.resilience.CallRejectedException.CircuitBreakerOpenException;
import io.lynx.resilience.CircuitBreaker;
import io.lynx.resilience.Fallback;
import io.lynx.resilience.Policies;
import io.lynx.resilience.Retry;
import java.net.ConnectException;
import java.time.Duration;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** The examples of the guide to recovery that need an application. */
class RecoveryGuideTest {
    private record Order(String id) {}

    private record Receipt(String order) {
        static final Receipt PENDING = new Receipt("pending");
    }

    /** A client of something that may be away. */
    private static final class Client {
        final AtomicInteger charges = new AtomicInteger();
        volatile int failures;

        Receipt charge(Order order) throws ConnectException {
            if (charges.incrementAndGet() <= failures) {
                throw new ConnectException("Connection refused");
            }
            return new Receipt(order.id());
        }
    }

    private static final class LicenceExpiredException extends RuntimeException {}

    private final Client client = new Client();
    private final Order order = new Order("1");

    private static Application.Builder builder(RecordingPlugin plugin) {
        return Application.builder()
                .discoverPlugins(false)
                .set("lynx.application.name", "shop")
                .set("lynx.application.version", "1.2.3")
                .plugin(plugin);
    }

    private static PluginContext context(RecordingPlugin plugin) {
        return Objects.requireNonNull(plugin.context);
    }

    @Test
    void pluginRegistersItsRecovery() throws Exception {
        CountDownLatch reconnected = new CountDownLatch(1);
        RecoveryStrategy strategy = RecoveryStrategy.retry(_ -> reconnected.countDown());
        RecordingPlugin plugin = RecordingPlugin.starting("orders.database", context -> {
            // snippet: manager
            ErrorRecoveryManager recovery = context.resource(ErrorRecoveryManager.KEY);
            recovery.registerRecoveryStrategy(context.id(), "network", strategy); // for this plugin's network errors
            // end
        });
        try (Application application = builder(plugin).build()) {
            application.start();

            application.recovery().recordError("orders.database", new ConnectException("Connection refused"));

            assertThat(reconnected.await(30, TimeUnit.SECONDS)).isTrue();
            assertThat(application.recovery().errorStats().errorCounts()).containsKey("network");
        }
    }

    @Test
    void rulesReachTheApplicationsRecovery() {
        ErrorClassifier classifier = ErrorClassifier.builder()
                .rule(
                        LicenceExpiredException.class,
                        Classification.of(ErrorCategory.CONFIGURATION, ErrorSeverity.HIGH, Disposition.PERMANENT))
                .build();
        try (Application application = builder(RecordingPlugin.named("orders"))
                .errorClassifier(classifier)
                .build()) {
            application.start();

            application.recovery().recordError("elsewhere", new LicenceExpiredException());

            assertThat(application.recovery().recentErrors(1)).singleElement().satisfies(error -> {
                assertThat(error.category()).isEqualTo(ErrorCategory.CONFIGURATION);
                assertThat(error.severity()).isEqualTo(ErrorSeverity.HIGH);
            });
        }
    }

    @Test
    void breakerByNameGuardsCalls() throws Exception {
        RecordingPlugin plugin = RecordingPlugin.named("orders");
        try (Application application = builder(plugin).build()) {
            application.start();
            PluginContext context = context(plugin);

            // snippet: breaker
            CircuitBreaker payments = context.breakers().get("payments");
            Receipt receipt = payments.call(() -> client.charge(order)); // CircuitBreakerOpenException while it is open
            // end

            assertThat(receipt).isEqualTo(new Receipt("1"));
            assertThat(application.breakers().get("payments").successes()).isEqualTo(1);

            // snippet: breaker-options
            CircuitBreaker database = context.breakers()
                    .get("orders.database", b -> b.failureWhen(e -> !(e instanceof NoSuchElementException)));
            // end
            database.acquire().failure(new NoSuchElementException("404"));
            assertThat(database.successes()).isEqualTo(1);
            payments.forceOpen();
            assertThatThrownBy(() -> payments.call(() -> client.charge(order)))
                    .isInstanceOf(CircuitBreakerOpenException.class);
        }
    }

    @Test
    void policiesSurroundTheBreaker() throws Exception {
        RecordingPlugin plugin = RecordingPlugin.named("orders");
        try (Application application = builder(plugin).build()) {
            application.start();
            PluginContext context = context(plugin);
            CircuitBreaker payments = context.breakers().get("payments");
            client.failures = 2;

            // snippet: policies
            Policies policies = Policies.builder()
                    .retry(Retry.defaults()) // three attempts
                    .circuitBreaker(payments)
                    .attemptTimeout(Duration.ofSeconds(2))
                    .deadline(Duration.ofSeconds(5))
                    .scheduler(context.scheduler())
                    .build();
            Receipt receipt = policies.callIdempotent(() -> client.charge(order), Fallback.to(Receipt.PENDING));
            // end

            assertThat(receipt).isEqualTo(new Receipt("1"));
            assertThat(payments.failures()).isEqualTo(2);
        }
    }
}
