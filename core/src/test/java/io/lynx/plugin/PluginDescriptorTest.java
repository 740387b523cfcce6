package io.lynx.plugin;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.lynx.config.ConfigSection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PluginDescriptorTest {
    private record Pool(int size) {}

    private record Cache(int entries) {}

    @Test
    void keepsSeveralSectionsInTheirOrder() {
        PluginDescriptor descriptor = PluginDescriptor.of("orders")
                .config("orders.pool", Pool.class)
                .config("orders.cache", Cache.class)
                .build();

        assertThat(descriptor.sections())
                .containsExactly(
                        ConfigSection.of("orders.pool", Pool.class), ConfigSection.of("orders.cache", Cache.class));
    }

    @Test
    void refusesTwoSectionsWithOnePrefixOrType() {
        PluginDescriptor.Builder orders = PluginDescriptor.of("orders").config("orders.pool", Pool.class);

        assertThatThrownBy(() -> orders.config("orders.pool", Cache.class))
                .hasMessageContaining("plugin 'orders': the section 'orders.pool'")
                .hasMessageContaining("each needs a prefix and a type of its own");
        assertThatThrownBy(() -> orders.config("orders.other", Pool.class)).hasMessageContaining("collides with");
    }

    @ParameterizedTest
    @ValueSource(strings = {"lynx", "lynx.orders"})
    void refusesIdsOfTheFramework(String id) {
        assertThatThrownBy(() -> PluginDescriptor.of(id).build())
                .hasMessage("plugin id: '" + id + "' is reserved for the framework; choose another");
        assertThatThrownBy(() -> PluginDescriptor.of("orders").provides(id, "1").build())
                .hasMessageContaining("is reserved for the framework");
    }

    @ParameterizedTest
    @ValueSource(strings = {">=2 <1", ">1 <1", ">=1 <1", "=1 =2", "^1.4 >=2", "1.4.2 <1.4"})
    void refusesRangesThatAllowNoVersion(String range) {
        assertThatThrownBy(() -> VersionRange.of(range))
                .hasMessageStartingWith("version range: '" + range + "' allows no version; ");
    }

    @ParameterizedTest
    @ValueSource(strings = {">=1 <=1", "=1 >=1", ">=1.4 <2.1", "^1.4 ~1.4", "*"})
    void acceptsRangesThatAllowSome(String range) {
        assertThat(VersionRange.of(range)).hasToString(range);
    }
}
