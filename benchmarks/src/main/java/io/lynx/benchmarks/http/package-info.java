/** Benchmarks of the HTTP server under load, compared with its peers. */
@NullMarked
package io.lynx.benchmarks.http;

import org.jspecify.annotations.NullMarked;
