/** What a protocol is given: listeners and streams. No type of the library underneath appears here. */
package io.lynx.transport;
