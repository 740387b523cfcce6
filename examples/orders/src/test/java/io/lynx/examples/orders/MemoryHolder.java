package io.lynx.examples.orders;

import io.lynx.config.Size;

/** A process that holds as much memory as its argument says. */
final class MemoryHolder {
    private MemoryHolder() {}

    public static void main(String[] args) {
        MemoryFault fault = new MemoryFault();
        fault.hold(Size.parse(args[0]));
        System.exit(fault.bytes() == Size.parse(args[0]).bytes() ? 0 : 1);
    }
}
