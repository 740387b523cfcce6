package io.lynx.transport;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.extension.Registration;
import io.lynx.extension.UserCode;
import io.lynx.time.Ticker;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Offers each stream to the registered protocols in order, and answers what none of them accepts. A change builds a new list and
 * puts it in the place of the old one, so a stream takes no lock. Thread-safe.
 */
final class ProtocolList implements StreamHandler, ListenerObserver {
    private static final Logger LOG = LoggerFactory.getLogger(ProtocolList.class);
    private static final ListenerObserver PLAIN = new PlainObserver();
    private static final Duration WITHOUT_PROTOCOL = Duration.ofSeconds(1);

    private final LogLimit failures;

    @GuardedBy("this")
    private final Set<String> absent = new HashSet<>();

    private volatile List<Entry> entries = List.of();
    /** Kept, as each connection reads it. */
    private volatile Duration checkInterval = WITHOUT_PROTOCOL;

    private volatile boolean isAnyAbsent;

    private record Entry(String name, int order, StreamHandler protocol, ListenerObserver observer) {}

    ProtocolList(Ticker ticker) {
        this.failures = new LogLimit(ticker);
    }

    synchronized Registration register(String name, int order, StreamHandler protocol, ListenerObserver observer) {
        if (entries.stream().anyMatch(entry -> entry.name().equals(name))) {
            throw new IllegalStateException("protocol '" + name + "': registered twice; a name has one owner");
        }
        Entry added = new Entry(name, order, protocol, observer);
        List<Entry> next = new ArrayList<>(entries);
        next.add(added);
        next.sort(Comparator.comparingInt(Entry::order));
        change(next);
        absent.remove(name);
        isAnyAbsent = !absent.isEmpty();
        return () -> remove(added);
    }

    @SuppressWarnings("ReferenceEquality") // A name may have a new owner by now.
    private synchronized void remove(Entry entry) {
        List<Entry> next = new ArrayList<>(entries);
        if (next.removeIf(other -> other == entry)) {
            absent.add(entry.name());
            isAnyAbsent = true;
            change(next);
        }
    }

    @GuardedBy("this")
    private void change(List<Entry> next) {
        checkInterval = next.stream()
                .map(entry -> entry.protocol().checkInterval())
                .min(Duration::compareTo)
                .orElse(WITHOUT_PROTOCOL);
        entries = List.copyOf(next);
    }

    @Override
    public boolean accepts(Head head) {
        return true;
    }

    @Override
    public void handle(Stream stream) {
        Entry entry = null;
        try {
            entry = entryFor(stream.head());
            if (entry == null) {
                refuse(stream);
            } else {
                entry.protocol().handle(stream);
            }
        } catch (Throwable failure) {
            UserCode.rethrowIfFatal(failure);
            failed(entry, failure);
            stream.abort();
            stream.workDone();
        }
    }

    private @Nullable Entry entryFor(Head head) {
        List<Entry> current = entries;
        if (head.defect() != null) {
            // Nothing in such a head can be relied on, so the most general protocol answers.
            return current.isEmpty() ? null : current.getLast();
        }
        for (Entry entry : current) {
            if (entry.protocol().accepts(head)) {
                return entry;
            }
        }
        return null;
    }

    private void failed(@Nullable Entry entry, Throwable failure) {
        if (failures.acquire("failed") >= 0) {
            String protocol = entry == null ? "" : entry.name();
            LogThread.write(() -> LOG.atError()
                    .addKeyValue("protocol", protocol)
                    .setCause(UserCode.loggable(failure))
                    .log("Protocol failed to serve a request, which was cut off; further failures within a minute are"
                            + " not logged"));
        }
    }

    private void refuse(Stream stream) {
        if (stream.head().defect() != null) {
            answer(stream, 400, List.of(), "malformed request");
        } else if (isAnyAbsent) {
            answer(stream, 503, List.of("retry-after", "1"), "the service restarts");
        } else {
            answer(stream, 404, List.of(), "no protocol here serves this request");
        }
    }

    private static void answer(Stream stream, int status, List<String> headers, String text) {
        byte[] body = (text + "\n").getBytes(StandardCharsets.UTF_8);
        List<String> all = new ArrayList<>(headers);
        all.addAll(List.of("content-type", PlainObserver.TEXT));
        if (stream.head().method().equals("HEAD")) {
            stream.answer(status, all, body.length, false);
            stream.end();
        } else {
            stream.answer(status, all, -1, false);
            stream.end(body);
        }
        stream.workDone();
    }

    @Override
    public Duration checkInterval() {
        return checkInterval;
    }

    // What happens outside of streams goes to the most general protocol.

    private ListenerObserver observer() {
        List<Entry> current = entries;
        return current.isEmpty() ? PLAIN : current.getLast().observer();
    }

    @Override
    public void connectionRefused() {
        observer().connectionRefused();
    }

    @Override
    public void proxyHeaderRefused() {
        observer().proxyHeaderRefused();
    }

    @Override
    public Refusal headTimedOut(long nanos) {
        return observer().headTimedOut(nanos);
    }

    @Override
    public Refusal malformed(int status, String detail) {
        return observer().malformed(status, detail);
    }

    @Override
    public void handshakeTimedOut() {
        observer().handshakeTimedOut();
    }
}
