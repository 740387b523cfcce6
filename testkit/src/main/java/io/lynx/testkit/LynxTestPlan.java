package io.lynx.testkit;

import io.lynx.app.Application;
import io.lynx.config.ConfigSources;
import io.lynx.plugin.Plugin;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.regex.Pattern;

/**
 * The settings of a {@link LynxTest}. Immutable.
 *
 * @param isWhole whether plugins are discovered and the configuration is read as in production
 * @param setup adds the plugins
 * @param values configuration values, over every other source
 * @param isManual whether the application runs on manual time
 * @param replacements plugins that are started in place of those with the same ids
 * @param buses the event buses whose events are captured
 * @param patience how long something may take in real time
 * @param ignoredThreads names of threads that may be left
 */
record LynxTestPlan(
        boolean isWhole,
        Consumer<Application.Builder> setup,
        Map<String, String> values,
        boolean isManual,
        List<Plugin> replacements,
        Set<String> buses,
        Duration patience,
        List<Pattern> ignoredThreads) {
    private static final Set<String> BUSES =
            Set.of("plugin", "system", "business", "health", "config", "resource", "security", "metrics");

    static LynxTestPlan of(boolean isWhole, Consumer<Application.Builder> setup) {
        return new LynxTestPlan(isWhole, setup, Map.of(), false, List.of(), BUSES, Await.PATIENCE, List.of());
    }

    /** Returns the application, on this time and with each plugin passed through {@code probes}. */
    Application application(TestTime time, PluginProbes probes) {
        Application.Builder app = Application.builder();
        if (!isWhole) {
            app.configuration(ConfigSources.none())
                    .discoverPlugins(false)
                    .set("lynx.application.name", "test")
                    .set("lynx.application.version", "0");
        }
        setup.accept(app);
        values.forEach(app::set);
        time.applyTo(app);
        return app.decorate(probes::probe).build();
    }

    LynxTestPlan withValue(String key, String value) {
        Map<String, String> more = new LinkedHashMap<>(values);
        more.put(key, value);
        return new LynxTestPlan(isWhole, setup, more, isManual, replacements, buses, patience, ignoredThreads);
    }

    LynxTestPlan onManualTime() {
        return new LynxTestPlan(isWhole, setup, values, true, replacements, buses, patience, ignoredThreads);
    }

    LynxTestPlan withReplacement(Plugin plugin) {
        return new LynxTestPlan(
                isWhole, setup, values, isManual, plus(replacements, plugin), buses, patience, ignoredThreads);
    }

    LynxTestPlan withBus(String bus) {
        Set<String> more = new LinkedHashSet<>(buses);
        more.add(bus);
        return new LynxTestPlan(isWhole, setup, values, isManual, replacements, more, patience, ignoredThreads);
    }

    LynxTestPlan withPatience(Duration realTime) {
        return new LynxTestPlan(isWhole, setup, values, isManual, replacements, buses, realTime, ignoredThreads);
    }

    LynxTestPlan withIgnoredThreads(String names) {
        return new LynxTestPlan(
                isWhole,
                setup,
                values,
                isManual,
                replacements,
                buses,
                patience,
                plus(ignoredThreads, Pattern.compile(names)));
    }

    private static <T> List<T> plus(List<T> some, T more) {
        return java.util.stream.Stream.concat(some.stream(), java.util.stream.Stream.of(more))
                .toList();
    }
}
