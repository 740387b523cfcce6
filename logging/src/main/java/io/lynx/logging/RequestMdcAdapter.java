package io.lynx.logging;

import ch.qos.logback.classic.util.LogbackMDCAdapter;
import io.lynx.context.RequestContext;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.spi.MDCAdapter;

/**
 * What Logback reads as the MDC of an event: the values that the service's code has put there, and the ids of the request that is
 * bound to the thread. So {@code %X{request_id}} works without anything being written for each request. An id that the code has put
 * there itself wins. Thread-safe.
 */
final class RequestMdcAdapter implements MDCAdapter {
    private final LogbackMDCAdapter written;

    /**
     * Creates an adapter.
     *
     * @param written where SLF4J writes the MDC
     */
    RequestMdcAdapter(LogbackMDCAdapter written) {
        this.written = written;
    }

    /** Called for each event, on the thread that logs; the result is not changed. */
    @Override
    public @Nullable Map<String, String> getCopyOfContextMap() {
        Map<String, String> own = written.getPropertyMap();
        Map<String, String> ids = RequestContext.current().ids();
        if (ids.isEmpty()) {
            return own;
        }
        if (own == null || own.isEmpty()) {
            return ids;
        }
        Map<String, String> all = new LinkedHashMap<>(ids);
        all.putAll(own);
        return all;
    }

    @Override
    public void put(String key, @Nullable String value) {
        written.put(key, value);
    }

    @Override
    public @Nullable String get(String key) {
        return written.get(key);
    }

    @Override
    public void remove(String key) {
        written.remove(key);
    }

    @Override
    public void clear() {
        written.clear();
    }

    @Override
    public void setContextMap(Map<String, String> values) {
        written.setContextMap(values);
    }

    @Override
    public void pushByKey(String key, String value) {
        written.pushByKey(key, value);
    }

    @Override
    public @Nullable String popByKey(String key) {
        return written.popByKey(key);
    }

    @Override
    public @Nullable Deque<String> getCopyOfDequeByKey(String key) {
        return written.getCopyOfDequeByKey(key);
    }

    @Override
    public void clearDequeByKey(String key) {
        written.clearDequeByKey(key);
    }
}
