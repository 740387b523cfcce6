/**
 * Events that are not lost: an outbox that keeps the events of durable topics in the transaction of their data and delivers them after it,
 * and an inbox that lets a handler recognize an event that it has processed.
 */
@NullMarked
package io.lynx.jdbc.outbox;

import org.jspecify.annotations.NullMarked;
