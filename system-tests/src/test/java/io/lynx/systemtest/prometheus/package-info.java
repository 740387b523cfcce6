/** A real Prometheus, and what the repository ships for one: its rules, dashboards and runbooks. */
@NullMarked
package io.lynx.systemtest.prometheus;

import org.jspecify.annotations.NullMarked;
