package io.lynx.examples.orders;

import io.lynx.metrics.Catalogue;
import io.lynx.metrics.MetricSource;
import io.lynx.metrics.MetricSource.Samples;

/** Reports the statistics of a cache at each scrape. */
record CacheMetrics(String name, LocalOrderCache cache) implements MetricSource {
    @Override
    public void collect(Samples out) {
        LocalOrderCache.Stats stats = cache.stats();
        out.add(Catalogue.CACHE_HITS, (double) stats.hits(), name);
        out.add(Catalogue.CACHE_MISSES, (double) stats.misses(), name);
        out.add(Catalogue.CACHE_EVICTIONS, (double) cache.evictions(), name);
        out.add(Catalogue.CACHE_SIZE, stats.size(), name);
    }
}
