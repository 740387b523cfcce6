package io.lynx.kafka;

import io.lynx.config.ConfigSection;
import io.lynx.plugin.Plugin;
import io.lynx.plugin.PluginFamily;

/** Makes a {@link KafkaPlugin} for each Kafka that the configuration names. Stateless. */
public final class KafkaFamily implements PluginFamily {
    @Override
    public ConfigSection<?> section() {
        return ConfigSection.of("lynx.kafka", KafkaConfig.class);
    }

    @Override
    public Plugin plugin(String name) {
        return new KafkaPlugin(name);
    }
}
