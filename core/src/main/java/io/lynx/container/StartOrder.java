package io.lynx.container;

import io.lynx.plugin.PluginDescriptor;
import java.util.Comparator;

/** The order of plugins that could start at the same time: by stage, then the higher weight first, then by id. */
enum StartOrder implements Comparator<PluginDescriptor> {
    INSTANCE;

    @Override
    public int compare(PluginDescriptor left, PluginDescriptor right) {
        int byStage = left.stage().compareTo(right.stage());
        int byWeight = byStage != 0 ? byStage : Integer.compare(right.weight(), left.weight());
        return byWeight != 0 ? byWeight : left.id().compareTo(right.id());
    }
}
