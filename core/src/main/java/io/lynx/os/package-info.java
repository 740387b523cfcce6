/**
 * What the operating system offers a service: signals, the service manager's notifications, and a listening socket that
 * takes no more. Everything here says in one line why it does not work where it does not, and fails no application.
 * Internal to Lynx.
 */
@NullMarked
package io.lynx.os;

import org.jspecify.annotations.NullMarked;
