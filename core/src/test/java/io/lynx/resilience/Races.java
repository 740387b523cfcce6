package io.lynx.resilience;

import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.StressOptions;

/** How far {@code *RaceTest} goes: seconds in each build; {@code -Dlynx.test.races=N} multiplies it. */
final class Races {
    private static final int FACTOR = Integer.getInteger("lynx.test.races", 1);

    private Races() {}

    /** Explores interleavings that random scheduling hardly meets. */
    static void modelCheck(Class<?> test) {
        new ModelCheckingOptions()
                .iterations(40 * FACTOR)
                .invocationsPerIteration(300)
                .threads(2)
                .actorsPerThread(3)
                .actorsBefore(1)
                .actorsAfter(2)
                .check(test);
    }

    /** Runs on real threads. */
    static void stress(Class<?> test) {
        new StressOptions()
                .iterations(10 * FACTOR)
                .invocationsPerIteration(1_000)
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(2)
                .actorsAfter(2)
                .check(test);
    }
}
