/** Authentication, independent of a transport: what HTTP, gRPC and the security plugins share. */
@NullMarked
package io.lynx.security;

import org.jspecify.annotations.NullMarked;
