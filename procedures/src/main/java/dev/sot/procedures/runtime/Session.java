package dev.sot.procedures.runtime;

import org.neo4j.graphdb.GraphDatabaseService;
import org.neo4j.graphdb.Transaction;
import org.neo4j.procedure.memory.ProcedureMemory;

/**
 * One procedure call.
 *
 * @param tx the caller's transaction
 * @param db opens further transactions with the caller's rights, for writes too large for one
 * @param monitor progress and termination
 * @param memory counts large allocations against the limits that the administrator has set
 */
public record Session(
        Transaction tx, GraphDatabaseService db, DatabaseMonitor monitor, ProcedureMemory memory) {

    /** Counts what the call takes of the heap; to be closed when that is not used any more. */
    public Heap heap() {
        return new Heap(memory.newTracker());
    }

    /** The import directory of this server. */
    public ImportDirectory importDirectory() {
        return ImportDirectory.of(tx);
    }
}
