/** Shows the shipped dashboards without Grafana: as pages, and as pictures where there is a browser. */
@NullMarked
package io.lynx.systemtest.dashboards;

import org.jspecify.annotations.NullMarked;
