/** The life of an application: start, signals, graceful shutdown, reports and exit codes. */
@NullMarked
package io.lynx.app;

import org.jspecify.annotations.NullMarked;
