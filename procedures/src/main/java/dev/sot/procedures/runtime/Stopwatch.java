package dev.sot.procedures.runtime;

/** Milliseconds between laps, for the timing columns of results. */
public final class Stopwatch {

    private long last = System.nanoTime();

    /** Milliseconds since the last lap, or since creation. */
    public long lap() {
        long now = System.nanoTime();
        long millis = (now - last) / 1_000_000;
        last = now;
        return millis;
    }
}
