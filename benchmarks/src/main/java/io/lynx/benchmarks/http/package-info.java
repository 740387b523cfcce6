/** The HTTP server side by side with its peers, under load. */
@NullMarked
package io.lynx.benchmarks.http;

import org.jspecify.annotations.NullMarked;
