package io.lynx.event;

import java.util.List;

/**
 * The account of all buses at one moment. Immutable.
 *
 * @param buses the buses, by name
 * @param deadLetters letters in the store
 * @param deadLettersPushedOut letters that made room for later ones
 * @param refused events of topics or buses beyond the limits
 */
public record EventsSnapshot(List<BusSnapshot> buses, int deadLetters, long deadLettersPushedOut, long refused) {}
