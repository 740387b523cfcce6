package io.lynx.systemtest.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.lynx.http.client.HttpCallException;
import io.lynx.http.client.HttpCallException.Reason;
import io.lynx.http.client.HttpClient;
import io.lynx.http.client.ServiceDiscovery;
import io.lynx.plugin.PluginContext;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What is called by clients of other services. */
final class ClientDrivers {
    private ClientDrivers() {}

    static List<Driver> all() {
        return List.of(new DiscoveryDriver());
    }

    private static final class DiscoveryDriver extends Driver {
        private @Nullable HttpClient client;

        DiscoveryDriver() {
            super(ServiceDiscovery.class, "find");
        }

        @Override
        void start(PluginContext context, HostileCode code) {
            client = context.own(HttpClient.builder(name())
                    .url("http://inventory.invalid")
                    .connectTimeout(Duration.ofMillis(200))
                    .policies(policies -> policies.withRetryAttempts(1))
                    .discovery(hostile(ServiceDiscovery.class, code, List::of))
                    .build(context));
        }

        @Override
        void provoke(Subject subject) {
            HttpCallException failure = catchThrowableOfType(
                    HttpCallException.class,
                    () -> Objects.requireNonNull(client).get("/").send());

            assertThat(failure.reason()).isEqualTo(Reason.UNKNOWN_HOST);
            subject.assertNamed(name());
        }
    }
}
