package io.lynx.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class BindingAdoptTest {
    record Server(
            @Default("8080") int port,
            @Default("1s") java.time.Duration timeout,
            @Default("{}") Map<String, Integer> limits) {}

    record Bounds(@Default("1") int low, @Default("2") int high) {
        Bounds {
            if (low > high) {
                throw new IllegalArgumentException("low: above high");
            }
        }
    }

    record Routes(
            @Default("[]") List<Bounds> limits,
            @Default("1") int count) {}

    record Names(@Default("none") String first) {}

    private static final ConfigSection<Server> SERVER = ConfigSection.of("lynx.server", Server.class);
    private static final ConfigSection<Bounds> BOUNDS = ConfigSection.of("bounds", Bounds.class);

    private static final ConfigSection<Routes> ROUTES = ConfigSection.of("routes", Routes.class);
    private static final ConfigSection<Names> NAMES = ConfigSection.of("routes", Names.class);
    private static final ConfigSection<Names> BELOW = ConfigSection.of("routes.below", Names.class);

    private static Binding bind(String yaml) {
        return bind(yaml, SERVER, BOUNDS);
    }

    private static Binding bind(String yaml, ConfigSection<?>... sections) {
        return ConfigSources.none().yaml("a.yml", yaml).load().bind(sections).orThrow();
    }

    private static String line(Binding binding, String key) {
        return binding.table().stream()
                .filter(entry -> entry.key().equals(key))
                .map(entry -> entry.value() + " (" + entry.source() + ")")
                .findAny()
                .orElse("none");
    }

    @Test
    void adoptsTheNamedKeys() {
        Binding old = bind("lynx: {server: {port: 1, timeout: 2s, limits: {a.b: 1, c: 2}}}");
        Binding next = bind("lynx: {server: {port: 9, timeout: 3s, limits: {a.b: 5}}}");

        Binding mixed = old.adopt(next, Set.of("lynx.server.timeout", "lynx.server.limits"));

        assertThat(mixed.get(SERVER)).isEqualTo(new Server(1, java.time.Duration.ofSeconds(3), Map.of("a.b", 5)));
        assertThat(old.changesTo(mixed))
                .extracting(Binding.Change::key)
                .containsExactly("lynx.server.limits.a.b", "lynx.server.limits.c", "lynx.server.timeout");
        assertThat(mixed.changesTo(next)).extracting(Binding.Change::key).containsExactly("lynx.server.port");
    }

    @Test
    void adoptsAWholeSection() {
        Binding old = bind("{}");
        Binding next = bind("{lynx: {server: {port: 9}}, bounds: {high: 7}}");

        Binding mixed = old.adopt(next, Set.of("lynx.server"));

        assertThat(mixed.get(SERVER).port()).isEqualTo(9);
        assertThat(mixed.get(BOUNDS)).isEqualTo(new Bounds(1, 2));
        assertThat(line(mixed, "bounds.high")).isEqualTo("2 (default)");
    }

    @Test
    void adoptsASectionWithoutOthersOfItsPrefix() {
        Binding old = bind("{}", ROUTES, NAMES, BELOW);
        Binding next = bind("routes: {count: 2, first: a, below: {first: b}}", ROUTES, NAMES, BELOW);

        Binding mixed = old.adopt(next, ROUTES.keys());

        assertThat(mixed.get(ROUTES).count()).isEqualTo(2);
        assertThat(mixed.changesTo(next))
                .extracting(Binding.Change::key)
                .containsExactly("routes.below.first", "routes.first");
    }

    @Test
    void adoptsTheItemsOfAList() {
        Binding old = bind("routes: {count: 1, limits: [{low: 1}, {low: 2}]}", ROUTES);
        Binding next = bind("routes: {count: 2, limits: [{low: 0, high: 9}]}", ROUTES);

        Binding mixed = old.adopt(next, Set.of("routes.limits"));

        assertThat(mixed.get(ROUTES).limits()).containsExactly(new Bounds(0, 9));
        assertThat(mixed.changesTo(next)).extracting(Binding.Change::key).containsExactly("routes.count");
    }

    @Test
    void keepsASectionWhoseRecordRefusesTheCombination() {
        Binding old = bind("bounds: {low: 1, high: 2}");
        Binding next = bind("bounds: {low: 11, high: 12}");

        Binding mixed = old.adopt(next, Set.of("bounds.low"));

        assertThat(mixed.get(BOUNDS)).isEqualTo(new Bounds(1, 2));
        assertThat(old.changesTo(mixed)).isEmpty();
        assertThat(mixed.changesTo(next)).hasSize(2);
    }

    @Test
    void adoptsTheSourcesOfUnchangedValues() {
        Binding old = bind("lynx:\n  server:\n    port: 1\n    timeout: 2s\n");
        Binding next = bind("lynx:\n  server:\n\n    timeout: 3s\n    port: 1\n");

        Binding mixed = old.adopt(next, Set.of());

        assertThat(line(mixed, "lynx.server.port")).isEqualTo("1 (a.yml:5)");
        assertThat(line(mixed, "lynx.server.timeout")).isEqualTo("2s (a.yml:4)");
    }
}
