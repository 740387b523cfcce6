package io.lynx.admin;

import io.lynx.http.Request;
import java.util.Collections;
import java.util.Map;
import java.util.WeakHashMap;

/**
 * Identifies the callers of requests. The owner of a connection is looked up once for each connection. Thread-safe.
 */
final class Callers {
    private final Access access;
    /** Whether the connections that still exist belong to the user of this process; they are compared by identity. */
    private final Map<Object, Caller> owners = Collections.synchronizedMap(new WeakHashMap<>());

    Callers(Access access) {
        this.access = access;
    }

    /**
     * Identifies the sender of the request. Blocks if that depends on the owner of a connection that was not looked up
     * before.
     */
    Caller identify(Request request) {
        CallerFacts facts = CallerFacts.of(request);
        Caller early = access.identifyByHeaders(facts);
        if (early != Caller.LOCAL) {
            return early;
        }
        Object connection = request.connection();
        Caller known = owners.get(connection);
        if (known == null) {
            known = access.identify(facts);
            owners.put(connection, known);
        }
        return known;
    }

    /** Returns whether {@link #identify} may block. */
    boolean needsLookup(Request request) {
        return !owners.containsKey(request.connection())
                && access.identifyByHeaders(CallerFacts.of(request)) == Caller.LOCAL;
    }
}
