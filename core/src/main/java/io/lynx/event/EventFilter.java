package io.lynx.event;

import io.lynx.extension.ExtensionPoint;

/** Accepts or refuses events for one subscription. An event whose filter throws is dropped for that subscription. */
@FunctionalInterface
@ExtensionPoint(thread = "the publisher's thread", deadline = "none: it delays the publisher")
public interface EventFilter {
    /** Returns whether the subscription is to receive {@code event}. */
    boolean accepts(Event<?> event);
}
