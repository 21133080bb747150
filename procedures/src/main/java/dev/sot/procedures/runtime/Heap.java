package dev.sot.procedures.runtime;

import dev.sot.procedures.config.ConfigurationException;
import org.neo4j.procedure.memory.ProcedureMemoryTracker;

/** What one call takes of the heap, counted against the transaction's limit until it is closed. */
public final class Heap implements AutoCloseable {

    private final ProcedureMemoryTracker tracker;
    private long taken;

    /** Counts with a tracker, which is closed with this. */
    public Heap(ProcedureMemoryTracker tracker) {
        this.tracker = tracker;
    }

    /**
     * Counts what is about to be allocated.
     *
     * @throws ConfigurationException when the server has not as much, limit or no limit
     */
    public void take(long bytes) {
        long server = Runtime.getRuntime().maxMemory();
        if (taken + bytes > server) {
            throw new ConfigurationException(
                    "this call takes "
                            + HeapRange.text(taken + bytes)
                            + " of heap and the server has "
                            + HeapRange.text(server)
                            + "; ask for less, or raise server.memory.heap.max_size");
        }
        tracker.allocateHeap(bytes);
        taken += bytes;
    }

    /** Counts what is not used any more. */
    public void release(long bytes) {
        tracker.releaseHeap(bytes);
        taken -= bytes;
    }

    @Override
    public void close() {
        tracker.close();
    }
}
