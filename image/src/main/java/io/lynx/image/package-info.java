/** Makes images of services: layers of a Debian root, a linked Java runtime, libraries, the service and its AOT cache. */
@NullMarked
package io.lynx.image;

import org.jspecify.annotations.NullMarked;
