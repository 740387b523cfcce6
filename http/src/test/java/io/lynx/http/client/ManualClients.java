package io.lynx.http.client;

import io.lynx.http.client.engine.ClientHost;
import io.lynx.http.client.engine.balance.ClientRuntime;
import io.lynx.json.JsonCodec;
import io.lynx.resilience.CircuitBreakerConfig;
import io.lynx.resilience.CircuitBreakers;
import io.lynx.testkit.ManualTime;
import io.lynx.transport.Engine;
import java.util.List;

/** Clients whose time stands still unless a test moves it. */
final class ManualClients {
    private ManualClients() {}

    static HttpClient build(HttpClientBuilder builder, ManualTime time) {
        ClientRuntime runtime =
                new ClientRuntime(time, time, time, Thread.ofVirtual().factory(), null);
        return ClientAssembly.build(
                builder,
                new ClientHost(
                        Engine.create(),
                        runtime,
                        JsonCodec.installed(),
                        CircuitBreakers.of(CircuitBreakerConfig.defaults()),
                        null,
                        List.of()));
    }
}
