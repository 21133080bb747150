package dev.sot.procedures.runtime;

import dev.sot.transport.Monitor;
import org.neo4j.procedure.StatusDetailsAccessor;
import org.neo4j.procedure.TerminationGuard;

/**
 * Shows progress in {@code SHOW TRANSACTIONS YIELD statusDetails} and stops when the transaction is
 * terminated.
 */
public final class DatabaseMonitor implements Monitor {

    private static final long INTERVAL_NANOS = 100_000_000L;

    private final TerminationGuard guard;
    private final StatusDetailsAccessor status;
    private long lastReport;

    public DatabaseMonitor(TerminationGuard guard, StatusDetailsAccessor status) {
        this.guard = guard;
        this.status = status;
        this.lastReport = System.nanoTime() - INTERVAL_NANOS;
    }

    @Override
    public synchronized void progress(String task, long done, long total) {
        long now = System.nanoTime();
        if (now - lastReport >= INTERVAL_NANOS || done == total) {
            lastReport = now;
            status.setStatusDetails(
                    total > 0
                            ? "sot: %s %d%% (%d of %d)"
                                    .formatted(task, 100 * done / total, done, total)
                            : "sot: %s %d".formatted(task, done));
        }
    }

    @Override
    public void check() {
        guard.check();
    }
}
