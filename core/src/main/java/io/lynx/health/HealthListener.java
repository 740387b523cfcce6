package io.lynx.health;

/**
 * Hears of what happens to the health of an application. Called with no lock held, on a thread of a check or of the
 * scheduler: it should be quick. Changes come one at a time and in order; one that reverts while the listener is busy may
 * be left out, the last state never is. {@link HealthEvent.CheckRan} comes for every run, from several threads. What it
 * throws is logged and changes nothing.
 */
@FunctionalInterface
public interface HealthListener {
    /** Something happened. */
    void on(HealthEvent event);
}
