/** Circuit breakers and the policies around a call: retry, bulkhead, rate limit, time limit and fallback; usable without the rest of Lynx. */
@NullMarked
package io.lynx.resilience;

import org.jspecify.annotations.NullMarked;
