/**
 * Services of the operating system: signals, notifications of the service manager, and the prompt exit. A service that
 * the platform does not support reports the reason in one line and does not fail the application. Internal to Lynx.
 */
@NullMarked
package io.lynx.os;

import org.jspecify.annotations.NullMarked;
