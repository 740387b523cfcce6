/** The repository folder that users resolve Lynx from, and what a public release needs. */
@NullMarked
package io.lynx.systemtest.dist;

import org.jspecify.annotations.NullMarked;
