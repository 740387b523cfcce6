/** The framework's own metrics, log lines and events on the buses. Not exported. */
@NullMarked
package io.lynx.app.telemetry;

import org.jspecify.annotations.NullMarked;
