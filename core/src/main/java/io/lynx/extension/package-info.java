/** How code that a user supplies is marked, called and registered. Every other package of core builds on it. */
package io.lynx.extension;
