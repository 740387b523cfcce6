/** The implementation on Vert.x and Netty, the only package that uses them. */
package io.lynx.transport.engine;
