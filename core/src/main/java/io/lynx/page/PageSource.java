package io.lynx.page;

import io.lynx.extension.ExtensionPoint;

/**
 * Supplies the content of a page or panel each time that an operator opens it. It may be called by several threads at once.
 */
@FunctionalInterface
@ExtensionPoint(thread = "the thread of the request that shows the page", deadline = "the request's time-out")
public interface PageSource {
    /**
     * Returns the present content.
     *
     * @throws Exception if it cannot be made; the page then shows the message, masked
     */
    PageContent content() throws Exception;
}
