package dev.sot.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * What a model did under the interventions of an {@link InterventionList}, {@code
 * sot-intervention-results/1}: JSON lines, first what was run, then one intervention a line. The
 * reference page of {@code sot.import.interventions} documents the fields.
 *
 * @param model name of the model that was run
 * @param prompts number of prompts that the measures are means over
 * @param promptSet what prompts they are
 * @param others what features outside the circuit had: mean or actual
 * @param results the results, in the order of the file
 */
public record InterventionResults(
        String model, long prompts, String promptSet, String others, List<Result> results) {
    private static final String FORMAT = "sot-intervention-results/1";
    private static final int MAX_TEXT = 1_000;
    private static final int MAX_RESULTS = 10_000_000;
    private static final Pattern MEASURE = Pattern.compile("[a-zA-Z][a-zA-Z0-9]{0,63}");

    /**
     * One intervention and what was measured.
     *
     * @param compression id of the compression
     * @param partition hash of its partition, as the list said it
     * @param kind what was done
     * @param supernode key of the supernode, null where it was done to the whole partition
     * @param measures values by name
     */
    public record Result(
            String compression,
            String partition,
            InterventionKind kind,
            String supernode,
            Map<String, Double> measures) {}

    /** An intervention, to notice one that occurs twice. */
    private record Key(String compression, InterventionKind kind, String supernode) {}

    /**
     * Reads results.
     *
     * @throws FormatException when the file is not such a file, or not a whole one
     */
    public static InterventionResults read(Path file, String name, ReadListener listener) {
        return JsonPass.over(
                file,
                name,
                FileStamp.of(file, name),
                listener,
                pass -> {
                    pass.parser.nextToken();
                    return read(pass);
                });
    }

    private static InterventionResults read(JsonPass pass) throws IOException {
        JsonLine header = JsonLine.read(pass);
        String format = header.text("format");
        if (!format.equals(FORMAT)) {
            throw header.failure(
                    "format",
                    "found " + Json.shorten(format) + " where " + FORMAT + " belongs",
                    format.equals(InterventionList.FORMAT)
                            ? "these are the interventions; run the model with them and name the"
                                    + " file of results"
                            : "name a file of intervention results");
        }
        long count = header.whole("results", MAX_RESULTS);
        long prompts = header.whole("prompts", Long.MAX_VALUE);
        List<Result> results = new ArrayList<>();
        Set<Key> seen = new HashSet<>();
        while (pass.parser.nextToken() != null) {
            Result result = result(JsonLine.read(pass));
            if (!seen.add(new Key(result.compression(), result.kind(), result.supernode()))) {
                throw pass.failure(
                        "line",
                        "there already is a result of this kind for compression "
                                + Json.shorten(result.compression())
                                + (result.supernode() == null
                                        ? ""
                                        : " and supernode " + Json.shorten(result.supernode())),
                        "keep one of the two");
            }
            results.add(result);
        }
        if (results.size() != count) {
            throw pass.failureAt(
                    "results",
                    "the first line says there are "
                            + count
                            + " results, but the file has "
                            + results.size(),
                    "it was cut off or put together; write it again");
        }
        return new InterventionResults(
                limited(header, "model"),
                prompts,
                limited(header, "promptSet"),
                limited(header, "others"),
                results);
    }

    private static Result result(JsonLine line) throws IOException {
        String word = line.text("kind");
        InterventionKind kind =
                InterventionKind.of(word)
                        .orElseThrow(
                                () ->
                                        line.failure(
                                                "kind",
                                                "found " + Json.shorten(word),
                                                "write one of " + InterventionKind.words()));
        String supernode = line.optionalText("supernode");
        if (kind.ofOneSupernode() == (supernode == null)) {
            throw line.failure(
                    "supernode",
                    supernode == null ? "the key is missing" : "the key is there",
                    "name the supernode of each ablation, and of nothing else");
        }
        Map<String, Double> measures = line.numbers("measures");
        for (String measure : measures.keySet()) {
            if (!MEASURE.matcher(measure).matches()) {
                throw line.failure(
                        "measures." + Json.shorten(measure),
                        "this is no name of a measure",
                        "name measures by up to 64 letters and digits, a letter first");
            }
        }
        return new Result(
                limited(line, "compression"),
                limited(line, "partition"),
                kind,
                supernode,
                measures);
    }

    private static String limited(JsonLine line, String key) {
        String text = line.text(key);
        if (text.length() > MAX_TEXT) {
            throw line.failure(
                    key,
                    "the text is " + text.length() + " characters long",
                    "write at most " + MAX_TEXT);
        }
        return text;
    }
}
