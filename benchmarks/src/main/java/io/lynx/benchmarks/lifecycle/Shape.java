package io.lynx.benchmarks.lifecycle;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** The shape of a graph of plugins. The same count yields the same graph. */
enum Shape {
    /** Each plugin depends on the one before it. */
    CHAIN {
        @Override
        List<Integer> dependencies(int index, int count, Random random) {
            return index == 0 ? List.of() : List.of(index - 1);
        }
    },
    /** No plugin depends on another. */
    WIDE {
        @Override
        List<Integer> dependencies(int index, int count, Random random) {
            return List.of();
        }
    },
    /** Layers of equal size, ten for up to 100 plugins and twenty for more; each plugin depends on three of the layer below. */
    LAYERED {
        @Override
        List<Integer> dependencies(int index, int count, Random random) {
            int width = Math.max(1, count / (count > 100 ? 20 : 10));
            int below = (index / width - 1) * width;
            return below < 0
                    ? List.of()
                    : random.ints(3, below, below + width).distinct().boxed().toList();
        }
    };

    private static final int SEED = 42;

    abstract List<Integer> dependencies(int index, int count, Random random);

    /**
     * The plugins of a graph.
     *
     * @param stops the longest that a stop of one sleeps: each takes 1 ms to this at random, all this one in {@link #WIDE},
     *     1 ms in {@link #CHAIN}; zero for plugins that do nothing
     */
    List<IdlePlugin> plugins(int count, Duration stops) {
        Random random = new Random(SEED);
        List<IdlePlugin> plugins = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            List<IdlePlugin> below =
                    dependencies(i, count, random).stream().map(plugins::get).toList();
            plugins.add(new IdlePlugin("p" + i, below, stopTime(stops, random)));
        }
        return plugins;
    }

    private Duration stopTime(Duration longest, Random random) {
        if (longest.isZero()) {
            return longest;
        }
        return switch (this) {
            case CHAIN -> Duration.ofMillis(1);
            case WIDE -> longest;
            case LAYERED -> Duration.ofMillis(random.nextLong(1, longest.toMillis() + 1));
        };
    }
}
