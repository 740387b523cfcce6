package io.lynx.container;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import org.jspecify.annotations.Nullable;

/**
 * Resources and registrations of one start of a plugin, which are closed in reverse order. After closing has begun, no more are
 * accepted. Thread-safe.
 */
final class Owned {
    /** One owned resource. It is equal to itself only, whatever the equals method of the resource returns. */
    private static final class Entry {
        private final AutoCloseable resource;

        Entry(AutoCloseable resource) {
            this.resource = resource;
        }
    }

    @GuardedBy("this")
    private final SequencedSet<Entry> entries = new LinkedHashSet<>();

    @GuardedBy("this")
    private boolean closed;

    /**
     * Adds a resource that only {@link #close} closes.
     *
     * @return forgets the resource without closing it; null if the resource was not accepted
     */
    synchronized @Nullable Runnable add(AutoCloseable resource) {
        Entry entry = accept(resource);
        return entry == null
                ? null
                : () -> {
                    boolean _ = remove(entry);
                };
    }

    /**
     * Adds a resource that may also be closed earlier.
     *
     * @return closes the resource and forgets it; null if the resource was not accepted
     */
    synchronized @Nullable Registration addRegistration(AutoCloseable registration) {
        Entry entry = accept(registration);
        return entry == null
                ? null
                : () -> {
                    if (remove(entry)) {
                        boolean _ = UserCode.run(registration::close, _ -> {});
                    }
                };
    }

    @GuardedBy("this")
    private @Nullable Entry accept(AutoCloseable resource) {
        if (closed) {
            return null;
        }
        Entry entry = new Entry(resource);
        entries.add(entry);
        return entry;
    }

    private synchronized boolean remove(Entry entry) {
        return entries.remove(entry);
    }

    /** Returns the resources of a type, the last added first. */
    synchronized <T> List<T> all(Class<T> type) {
        List<T> found = new ArrayList<>();
        for (Entry entry : entries.reversed()) {
            if (type.isInstance(entry.resource)) {
                found.add(type.cast(entry.resource));
            }
        }
        return found;
    }

    /** Accepts no more resources. */
    synchronized void seal() {
        closed = true;
    }

    /** Closes everything, the last added first; no failure keeps the rest from being closed. Idempotent. */
    List<Throwable> close() {
        seal();
        List<Throwable> failures = new ArrayList<>();
        for (AutoCloseable resource = last(); resource != null; resource = last()) {
            boolean _ = UserCode.run(resource::close, failures::add);
        }
        return failures;
    }

    private synchronized @Nullable AutoCloseable last() {
        Iterator<Entry> fromTheEnd = entries.reversed().iterator();
        if (!fromTheEnd.hasNext()) {
            return null;
        }
        Entry entry = fromTheEnd.next();
        fromTheEnd.remove();
        return entry.resource;
    }
}
