package io.lynx.page;

import io.lynx.extension.ExtensionPoint;

/** Runs an action that an operator chose on a page. It may be called by several threads at once. */
@FunctionalInterface
@ExtensionPoint(thread = "the thread of the request that runs the action", deadline = "the request's time-out")
public interface PageActionHandler {
    /**
     * Runs the action.
     *
     * @param row the id of the row that it applies to; empty for an action of the whole page
     * @return one line that tells the operator what was done
     * @throws Exception if it failed; the operator sees the message, masked
     */
    String run(String row) throws Exception;
}
