package io.lynx.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PluginPageTest {
    private static PluginPage page(String name, PluginPage.Kind kind) {
        return new PluginPage(
                "orders.db", name, kind, () -> PageContent.builder("Any").build());
    }

    @ParameterizedTest
    @ValueSource(strings = {"health", "metrics", "plugins", "config", "threads", "breakers", "shutdown", "panels"})
    void refusesTheNamesOfTheFrameworksPages(String name) {
        assertThatThrownBy(() -> page(name, PluginPage.Kind.PAGE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("page: '" + name + "' (plugin orders.db) is the name of a page of the framework; choose"
                        + " another, such as 'orders-db-" + name + "'");
    }

    @Test
    void panelMayHaveTheNameOfAPage() {
        assertThat(page("config", PluginPage.Kind.PANEL).name()).isEqualTo("config");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Jobs", "a b", "-a", "a--b", "../config"})
    void refusesMalformedNames(String name) {
        assertThatThrownBy(() -> page(name, PluginPage.Kind.PAGE))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("is not a name");
    }
}
