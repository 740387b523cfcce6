package io.lynx.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.extension.Registration;
import io.lynx.page.PluginPage;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The pages and panels that the plugins of one application have registered. Thread-safe. */
public final class PluginPages {
    private record Key(PluginPage.Kind kind, String name) implements Comparable<Key> {
        @Override
        public int compareTo(Key other) {
            int byKind = kind.compareTo(other.kind);
            return byKind != 0 ? byKind : name.compareTo(other.name);
        }
    }

    @GuardedBy("this")
    private final Map<Key, PluginPage> pages = new TreeMap<>();

    /**
     * Adds a page.
     *
     * @return removes it
     * @throws IllegalStateException if the name is taken; the message names the plugin that has it
     */
    Registration add(PluginPage page) {
        Key key = new Key(page.kind(), page.name());
        synchronized (this) {
            PluginPage other = pages.putIfAbsent(key, page);
            if (other != null) {
                throw new IllegalStateException("page '" + page.name() + "': registered by plugin '" + page.plugin()
                        + "' but owned by plugin '" + other.plugin() + "'; a name has one owner");
            }
        }
        return () -> remove(key, page);
    }

    @SuppressWarnings("ReferenceEquality") // A later page that equals this one stays.
    private synchronized void remove(Key key, PluginPage page) {
        if (pages.get(key) == page) {
            pages.remove(key);
        }
    }

    /** Returns the pages and panels, by kind and name. */
    synchronized List<PluginPage> all() {
        return List.copyOf(pages.values());
    }
}
