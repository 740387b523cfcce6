/**
 * Pages and panels as data: what a plugin shows to operators without depending on the module that serves it. A page is
 * served under {@code /debug/NAME}, a panel is a section of the web console; both show a {@link io.lynx.page.PageContent}.
 */
@NullMarked
package io.lynx.page;

import org.jspecify.annotations.NullMarked;
