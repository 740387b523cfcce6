package io.lynx.recovery;

import io.lynx.extension.UserCode;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;

/** An exception and its causes as a list that always ends, without the wrappers of futures and reflection. */
final class CauseChain {
    /** Looked at, wrappers included. */
    private static final int MOST_CAUSES = 16;

    private CauseChain() {}

    /** The outermost first; a wrapper without a cause stands for itself, so the list is never empty. */
    static List<Throwable> of(Throwable throwable) {
        Throwable first = throwable;
        Throwable cause = UserCode.causeOf(throwable);
        if (cause == null && !isWrapper(throwable)) {
            return List.of(throwable);
        }
        List<Throwable> chain = new ArrayList<>(4);
        Set<Throwable> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        for (Throwable at = first; at != null && seen.size() < MOST_CAUSES && seen.add(at); at = UserCode.causeOf(at)) {
            if (!isWrapper(at)) {
                chain.add(at);
            }
        }
        return chain.isEmpty() ? List.of(throwable) : chain;
    }

    private static boolean isWrapper(Throwable throwable) {
        return throwable instanceof ExecutionException
                || throwable instanceof CompletionException
                || throwable instanceof InvocationTargetException;
    }
}
