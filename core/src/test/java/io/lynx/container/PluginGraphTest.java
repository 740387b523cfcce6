package io.lynx.container;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.config.ConfigurationException.ConfigProblem;
import io.lynx.plugin.PluginDescriptor;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PluginGraphTest {
    private final List<ConfigProblem> problems = new ArrayList<>();

    private PluginGraph graph(PluginDescriptor.Builder... plugins) {
        List<PluginDescriptor> descriptors = new ArrayList<>();
        for (PluginDescriptor.Builder plugin : plugins) {
            descriptors.add(plugin.build());
        }
        return PluginGraph.of(descriptors, Map.of(), problems);
    }

    private List<String> messages() {
        return problems.stream().map(ConfigProblem::message).toList();
    }

    private static PluginDescriptor.Builder plugin(String id) {
        return PluginDescriptor.of(id);
    }

    @Test
    void ordersByDependencyThenWeightThenId() {
        PluginGraph graph = graph(
                plugin("c"),
                plugin("b").weight(5),
                plugin("a").requires("z"),
                plugin("z"),
                plugin("ops").management());

        assertThat(messages()).isEmpty();
        assertThat(graph.order()).containsExactly("ops", "b", "c", "z", "a");
    }

    @Test
    void everyOtherPluginStartsAfterManagementPlugins() {
        PluginGraph graph = graph(plugin("heavy").weight(1_000), plugin("ops").management());

        assertThat(graph.dependencies("heavy")).containsExactly("ops");
    }

    @Test
    void capabilitySatisfiesDependency() {
        PluginGraph graph = graph(
                plugin("shop").requires("database", "^2.1"),
                plugin("postgres").version("17.0.0").provides("database", "2.4"));

        assertThat(messages()).isEmpty();
        assertThat(graph.dependencies("shop")).containsExactly("postgres");
    }

    @Test
    void reportsEveryProblemAtOnce() {
        graph(
                plugin("a").requires("b"),
                plugin("b").requires("c"),
                plugin("c").requires("a"),
                plugin("d").requires("nothing"),
                plugin("e").requires("nothing", ">=1.2"),
                plugin("f").requires("g", "^2"),
                plugin("g").version("1.4.0"),
                plugin("h").conflictsWith("g", "<2"),
                plugin("i").name("One"),
                plugin("i").name("Two"),
                plugin("j").uses("g", "~1.3"));

        assertThat(messages())
                .containsExactlyInAnyOrder(
                        "plugins: a → b → c → a form a dependency cycle; remove one of these dependencies",
                        "plugin 'd': requires 'nothing', which is missing; add a plugin with this id or one that"
                                + " provides it",
                        "plugin 'e': requires 'nothing' >=1.2, which is missing; add a plugin with this id or one that"
                                + " provides it",
                        "plugin 'f': requires 'g' in version ^2 but 'g' has 1.4.0; change one of the two versions",
                        "plugin 'h': conflicts with 'g' 1.4.0; remove one of the two",
                        "plugin 'i': two plugins have this id ('One' 1.0.0 and 'Two' 1.0.0); give one of them another"
                                + " id or remove it",
                        "plugin 'j': requires 'g' in version ~1.3 but 'g' has 1.4.0; change one of the two versions");
    }

    @Test
    void reportsEachCycleOnceWithoutPluginsThatOnlyLeadToIt() {
        graph(
                plugin("x").requires("y"),
                plugin("y").requires("z"),
                plugin("z").requires("y"),
                plugin("self").requires("other"),
                plugin("other").requires("self"));

        assertThat(messages())
                .containsExactlyInAnyOrder(
                        "plugins: y → z → y form a dependency cycle; remove one of these dependencies",
                        "plugins: self → other → self form a dependency cycle; remove one of these dependencies");
    }

    @Test
    void reportsAPluginThatDependsOnItself() {
        graph(plugin("self").requires("self"), plugin("foe").conflictsWith("foe"));

        assertThat(messages())
                .containsExactlyInAnyOrder(
                        "plugin 'self': depends on itself (REQUIRED 'self'); remove this dependency",
                        "plugin 'foe': depends on itself (CONFLICT 'foe'); remove this dependency");
    }

    @Test
    void optionalDependencyOrdersOnlyIfPresent() {
        PluginGraph graph = graph(plugin("a").uses("b").uses("gone"), plugin("b"));

        assertThat(messages()).isEmpty();
        assertThat(graph.order()).containsExactly("b", "a");
    }

    @Test
    void requirementWithTwoProvidersIsMetByEither() {
        PluginGraph graph = graph(
                plugin("shop").requires("database"),
                plugin("primary").provides("database", "1"),
                plugin("replica").provides("database", "1"));

        assertThat(graph.unsatisfied("shop", "primary"::equals)).isEmpty();
        assertThat(graph.unsatisfied("shop", other -> true)).containsExactly("primary", "replica");
    }

    @Test
    void withDependantsIsTransitive() {
        PluginGraph graph =
                graph(plugin("a"), plugin("b").requires("a"), plugin("c").requires("b"), plugin("d"));

        assertThat(graph.withDependants("a")).containsExactlyInAnyOrder("a", "b", "c");
    }
}
