package dev.sot.transport;

/**
 * How a long computation tells its caller where it is and learns that it should stop.
 *
 * <p>Algorithms take a monitor as an argument and call {@link #check()} at least every 50 ms, also
 * from worker threads; both methods are therefore thread-safe. {@link #NONE} never stops anything.
 */
public interface Monitor {

    /** A monitor that reports nowhere and never stops. */
    Monitor NONE =
            new Monitor() {
                @Override
                public void progress(String task, long done, long total) {}

                @Override
                public void check() {}
            };

    /**
     * Reports progress.
     *
     * @param task what is being done, in the words of a user, such as {@code "distances"}
     * @param done units finished so far
     * @param total units in all
     */
    void progress(String task, long done, long total);

    /**
     * Returns normally to go on; throws an unchecked exception, which the algorithm lets pass, to
     * stop.
     */
    void check();
}
