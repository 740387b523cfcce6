package io.lynx.leadership;

/**
 * The number of a term of a leadership. It is larger than the numbers of all earlier terms, so that a resource which has seen it can
 * refuse the writes of earlier leaders. Immutable.
 *
 * @param leadership the name of the leadership
 * @param value the number, above zero
 */
public record FencingToken(String leadership, long value) {
    /**
     * Checks the number.
     *
     * @throws IllegalArgumentException if it is not above zero
     */
    public FencingToken {
        if (value <= 0) {
            throw new IllegalArgumentException(
                    "fencing token of leadership '" + leadership + "': " + value + "; it must be above zero");
        }
    }
}
