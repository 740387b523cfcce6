package io.lynx.http.engine.answer;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.lynx.http.engine.head.HeaderText;
import io.lynx.transport.Protocol;
import io.lynx.transport.Stream;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The headers of an answer. The event loop may read them, when it answers in place of the handler. They are a part of the
 * response, not an object of their own, to save an allocation. Thread-safe.
 */
public abstract class AnswerHeaders {
    private static final int UNKNOWN = -1;
    private static final int UPGRADE_REQUIRED = 426;

    @GuardedBy("this")
    private final List<String> headers = new ArrayList<>(8);

    @GuardedBy("this")
    private boolean isTypeSet;

    /** What the answer varies by besides what the handler says; null if nothing. */
    @GuardedBy("this")
    private @Nullable List<String> varying;

    /** The status that was set here. */
    protected abstract int ownStatus();

    /** The head of a stream is being sent. */
    protected abstract void begun();

    /** Sends the whole answer. The handler's own thread may wait for a slow client. */
    protected abstract void transmit(byte[] body);

    /** Name, value, name, value…; not changed after the answer is sent. */
    protected final synchronized List<String> headers() {
        return headers;
    }

    /** Returns whether it has a {@code Content-Type}. */
    protected final synchronized boolean isTypeSet() {
        return isTypeSet;
    }

    /** The first value of a header that was set; null if none was. */
    protected final synchronized @Nullable String value(String name) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                return headers.get(i + 1);
            }
        }
        return null;
    }

    /** Adds a header that was checked. */
    protected final synchronized void append(String name, String value) {
        if (name.equalsIgnoreCase("content-type")) {
            isTypeSet = true;
        }
        headers.add(name);
        headers.add(value);
    }

    /** Puts a header that was checked in the place of those of its name. */
    protected final synchronized void replace(String name, String value) {
        remove(name);
        append(name, value);
    }

    @GuardedBy("this")
    private void remove(String name) {
        for (int i = headers.size() - 2; i >= 0; i -= 2) {
            if (headers.get(i).equalsIgnoreCase(name)) {
                headers.remove(i + 1);
                headers.remove(i);
            }
        }
    }

    /** Puts these headers in the place of those of the same names; cookies and {@code Vary} are added. */
    protected final synchronized void replaceAll(List<String> others) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        for (int i = 0; i < others.size(); i += 2) {
            names.add(others.get(i));
        }
        // Not removeAll, which may compare by the case.
        boolean _ = names.remove("set-cookie");
        boolean _ = names.remove("vary");
        for (String name : names) {
            remove(name);
        }
        for (int i = 0; i < others.size(); i += 2) {
            append(others.get(i), others.get(i + 1));
        }
    }

    /** Adds those of these headers to {@code other} that stay when an error takes the place of this answer. */
    protected final synchronized void copyTo(AnswerHeaders other) {
        for (int i = 0; i < headers.size(); i += 2) {
            String kept = KeptHeaders.keptValue(headers.get(i), headers.get(i + 1));
            if (kept != null) {
                other.append(headers.get(i), kept);
            }
        }
        if (varying != null) {
            varying.forEach(other::vary);
        }
    }

    /** Tells caches that the answer depends on a header of its request, whatever the handler says about it. */
    public final synchronized void vary(String header) {
        List<String> known = varying == null ? new ArrayList<>(3) : varying;
        known.add(header);
        varying = known;
    }

    /** The headers to send, with what interceptors say about caches: name, value, name, value…; not changed after that. */
    private synchronized List<String> completeHeaders() {
        if (varying != null) {
            for (String header : varying) {
                if (!variesBy(header)) {
                    append("vary", header);
                }
            }
            varying = null;
        }
        return headers;
    }

    /** Returns the headers to send: without those of the connection and without the length, which the transport adds. */
    public final List<String> headersToSend(Stream stream) {
        List<String> all = completeHeaders();
        boolean isPlain = true;
        for (int i = 0; i < all.size() && isPlain; i += 2) {
            isPlain = !isOfTransport(all.get(i));
        }
        if (isPlain) {
            return all;
        }
        List<String> sent = new ArrayList<>(all.size());
        for (int i = 0; i < all.size(); i += 2) {
            String name = all.get(i);
            if (!isOfTransport(name)) {
                sent.add(name);
                sent.add(all.get(i + 1));
            } else if (name.equalsIgnoreCase("upgrade") && tellsToUpgrade(stream)) {
                // RFC 9110, 15.5.22: it names what the client should switch to.
                sent.addAll(List.of(name, all.get(i + 1), "connection", "upgrade"));
            } else if (name.equalsIgnoreCase("connection") && HeaderText.hasToken(all.get(i + 1), "close")) {
                stream.closeAfterAnswer();
            }
        }
        return sent;
    }

    private boolean tellsToUpgrade(Stream stream) {
        return ownStatus() == UPGRADE_REQUIRED && stream.head().protocol() == Protocol.HTTP_1_1;
    }

    private static boolean isOfTransport(String name) {
        return HeaderText.isHopByHop(name) || name.equalsIgnoreCase("content-length");
    }

    @GuardedBy("this")
    private boolean variesBy(String header) {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase("vary")
                    && (HeaderText.hasToken(headers.get(i + 1), header)
                            || HeaderText.hasToken(headers.get(i + 1), "*"))) {
                return true;
            }
        }
        return false;
    }

    /** The body is sent as gzip: its bytes differ from those that a strong validator stands for (RFC 9110, 8.8.1). */
    final synchronized void isGzipped() {
        append("content-encoding", "gzip");
        for (int i = 0; i < headers.size(); i += 2) {
            String value = headers.get(i + 1);
            if (headers.get(i).equalsIgnoreCase("etag") && value.startsWith("\"")) {
                String _ = headers.set(i + 1, "W/" + value);
            }
        }
    }

    /**
     * The length that the handler declared.
     *
     * @return -1 if it declared none
     * @throws IllegalStateException if it is not a length
     */
    final synchronized long declaredLength() {
        for (int i = 0; i < headers.size(); i += 2) {
            if (headers.get(i).equalsIgnoreCase("content-length")) {
                String text = headers.get(i + 1).trim();
                if (!text.matches("\\d{1,18}")) {
                    throw new IllegalStateException("response: Content-Length '" + text
                            + "' is not a number of bytes; declare the length of what is written");
                }
                return Long.parseLong(text);
            }
        }
        return UNKNOWN;
    }
}
