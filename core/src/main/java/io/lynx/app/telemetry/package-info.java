/** What the framework records about itself: metrics, log lines and the events on the buses. Not exported. */
@NullMarked
package io.lynx.app.telemetry;

import org.jspecify.annotations.NullMarked;
