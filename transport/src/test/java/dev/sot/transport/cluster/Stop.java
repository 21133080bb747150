package dev.sot.transport.cluster;

import dev.sot.transport.Monitor;
import java.util.concurrent.atomic.AtomicInteger;

/** A monitor that stops at a given check. */
record Stop(AtomicInteger left) implements Monitor {

    static final class Stopped extends RuntimeException {

        private static final long serialVersionUID = 1;
    }

    Stop(int checks) {
        this(new AtomicInteger(checks));
    }

    @Override
    public void progress(String task, long done, long total) {}

    @Override
    public void check() {
        if (left.decrementAndGet() <= 0) {
            throw new Stopped();
        }
    }
}
