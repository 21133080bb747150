package dev.sot.procedures.runtime;

import org.neo4j.graphdb.GraphDatabaseService;
import org.neo4j.graphdb.Transaction;
import org.neo4j.procedure.Context;
import org.neo4j.procedure.StatusDetailsAccessor;
import org.neo4j.procedure.TerminationGuard;
import org.neo4j.procedure.memory.ProcedureMemory;

/**
 * What every class of procedures or functions is given by the database: sandboxed components only,
 * so that no `unrestricted` setting is needed.
 */
public abstract class SotProcedures {

    @Context public Transaction tx;
    @Context public GraphDatabaseService db;
    @Context public TerminationGuard guard;
    @Context public StatusDetailsAccessor status;
    @Context public ProcedureMemory memory;

    /** The components bundled for the processors that do the work. */
    protected Session session() {
        return new Session(tx, db, new DatabaseMonitor(guard, status), memory);
    }
}
