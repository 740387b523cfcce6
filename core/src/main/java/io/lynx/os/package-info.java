/**
 * Services of the operating system: signals, notifications of the service manager, and the prompt exit. What does not work on a
 * platform reports the reason in one line and fails no application.
 * Internal to Lynx.
 */
@NullMarked
package io.lynx.os;

import org.jspecify.annotations.NullMarked;
