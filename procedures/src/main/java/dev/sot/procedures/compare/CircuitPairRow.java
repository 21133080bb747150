package dev.sot.procedures.compare;

import dev.sot.procedures.runtime.Figures;
import dev.sot.transport.cluster.ProfileSimilarity;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.neo4j.procedure.Description;

/** Two circuits of a joint compression. */
public final class CircuitPairRow {

    @Description("One circuit.")
    public final String left;

    @Description("The other.")
    public final String right;

    @Description(
            "Cosine of the shares of influence that each supernode has in the two circuits; null"
                    + " when a circuit's features have no influence.")
    public final Double cosine;

    @Description("Influence that both put into the same supernodes: sum of the smaller shares.")
    public final double sharedInfluence;

    @Description("Supernodes with members in both.")
    public final long shared;

    @Description("Supernodes with members in the left one and none in the right one.")
    public final long onlyLeft;

    @Description("Supernodes with members in the right one and none in the left one.")
    public final long onlyRight;

    CircuitPairRow(
            String left,
            String right,
            int[] leftMembers,
            int[] rightMembers,
            ProfileSimilarity similarity) {
        this.left = left;
        this.right = right;
        this.cosine = Figures.present(similarity.cosine());
        this.sharedInfluence = similarity.overlap();
        this.shared = count(leftMembers, s -> leftMembers[s] > 0 && rightMembers[s] > 0);
        this.onlyLeft = count(leftMembers, s -> leftMembers[s] > 0 && rightMembers[s] == 0);
        this.onlyRight = count(leftMembers, s -> leftMembers[s] == 0 && rightMembers[s] > 0);
    }

    private static long count(int[] members, IntPredicate fitting) {
        return IntStream.range(0, members.length).filter(fitting).count();
    }
}
