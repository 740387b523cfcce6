/**
 * The interfaces between listeners and the protocols on them. No type of the library underneath appears here.
 *
 * <p>A protocol is a {@link io.lynx.transport.StreamHandler}. Its plugin brings the plugin {@code listener} as a companion, and
 * registers the protocol in its start:
 *
 * <pre>{@code
 * context.own(context.resource(Protocols.KEY).register("greetings", Protocols.SPECIFIC, new Greetings()));
 * }</pre>
 *
 * <p>A request whose head is accepted becomes a {@link io.lynx.transport.Stream}. The protocol listens to it, reads its body,
 * writes its answer, and reports when its own work is done; on a virtual thread if that blocks:
 *
 * <pre>{@code
 * public void handle(Stream stream) {
 *     stream.dispatch(() -> {
 *         stream.answer(200, List.of("content-type", "text/plain"), -1, false);
 *         stream.end("good day".getBytes(UTF_8));
 *         stream.workDone();
 *     });
 * }
 * }</pre>
 */
package io.lynx.transport;
