package io.lynx.event;

import java.util.List;

/**
 * All buses at a moment. Immutable.
 *
 * @param buses the buses, by name
 * @param deadLetters letters in the store
 * @param deadLettersPushedOut letters that made room for later ones
 * @param refused events of topics that were one too many for their bus, as counted by each of them, or of a bus that was
 *     one too many
 */
public record EventsSnapshot(List<BusSnapshot> buses, int deadLetters, long deadLettersPushedOut, long refused) {}
