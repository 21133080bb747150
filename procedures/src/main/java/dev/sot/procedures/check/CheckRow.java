package dev.sot.procedures.check;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.neo4j.procedure.Description;

/** What one check found. */
public final class CheckRow {

    /** Most keys that a row shows. */
    static final int EXAMPLES = 5;

    @Description("The corpus; null for what does not depend on one.")
    public final String corpus;

    @Description("The dictionary; null for what does not depend on one.")
    public final String dictionary;

    @Description("The layer; null for what does not depend on one.")
    public final Long layer;

    @Description("What was checked.")
    public final String check;

    @Description(
            "ok, look where something was found, or unavailable where the check could not be made.")
    public final String status;

    @Description("How many were found; null where nothing is counted.")
    public final Long count;

    @Description("Among how many.")
    public final Long of;

    @Description("count / of.")
    public final Double share;

    @Description("Median of the figure that is checked; null without one.")
    public final Double median;

    @Description("The figure that is furthest from what is wanted; null without one.")
    public final Double worst;

    @Description("The threshold that the figure was held against; null without one.")
    public final Double threshold;

    @Description("Keys of the first five that were found, the worst first.")
    public final List<String> examples;

    @Description("What was found, or why the check could not be made, in words.")
    public final String meaning;

    @Description("What can be done; null where status is ok.")
    public final String remedy;

    @Description("Further figures of the check.")
    public final Map<String, Object> details;

    CheckRow(
            Place place,
            String check,
            Status status,
            Counted counted,
            List<String> examples,
            String meaning,
            String remedy,
            Map<String, Object> details) {
        this.corpus = place.corpus();
        this.dictionary = place.dictionary();
        this.layer = place.layer();
        this.check = check;
        this.status = status.name().toLowerCase(Locale.ROOT);
        this.count = counted.count();
        this.of = counted.of();
        this.share = count == null || of == null || of == 0 ? null : count.doubleValue() / of;
        this.median = counted.median();
        this.worst = counted.worst();
        this.threshold = counted.threshold();
        this.examples = examples;
        this.meaning = meaning;
        this.remedy = status == Status.OK ? null : remedy;
        this.details = details;
    }

    /** What comes of a check. */
    enum Status {
        OK,
        LOOK,
        UNAVAILABLE;

        static Status of(boolean found) {
            return found ? LOOK : OK;
        }
    }

    /** What a check is about; null where it does not depend on one. */
    record Place(String corpus, String dictionary, Long layer) {}

    /** Figures of a check; null where there is none. */
    record Counted(Long count, Long of, Double median, Double worst, Double threshold) {

        static final Counted NOTHING = new Counted(null, null, null, null, null);

        static Counted of(long count, long of) {
            return new Counted(count, of, null, null, null);
        }
    }
}
