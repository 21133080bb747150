package dev.sot.formats;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads labels of features, an object a line, plain or compressed with gzip: annotations of sparse
 * feature circuits ({@code Name}, {@code Annotation}, and what the name says once more) and
 * explanations of Neuronpedia ({@code modelId}, {@code layer}, {@code index}, {@code description}).
 */
public final class LabelFile {
    private static final Pattern NAME =
            Pattern.compile("(?:(embed)|(attn|mlp|resid)_(\\d{1,6}))/(\\d{1,9})");
    private static final Pattern WHOLE = Pattern.compile("\\d{1,9}");
    private static final Pattern SOURCE = Pattern.compile("(\\d{1,6})(?:-(.{1,200}))?");

    private LabelFile() {}

    /**
     * A line.
     *
     * @param format annotations or neuronpedia
     * @param set for Neuronpedia the model, a slash and the set of dictionaries; for annotations
     *     the component
     * @param layer the layer; 0 for embeddings
     * @param index the feature's index
     * @param label untrusted text, null where the line has none
     * @param notes further text, null where the line has none
     * @param by who or what made the label, null where the line does not say
     */
    public record Label(
            String format,
            String set,
            int layer,
            long index,
            String label,
            String notes,
            String by) {}

    /** Takes labels in the order of the file. */
    @FunctionalInterface
    public interface Sink {
        void label(Label label);
    }

    /**
     * Reads a file.
     *
     * @return the number of lines, with a table's heading among them
     * @throws FormatException when a line is not of either kind; labels may have been passed on
     */
    public static long read(Path file, String displayName, ReadListener listener, Sink sink) {
        return JsonPass.over(
                file,
                displayName,
                FileStamp.of(file, displayName),
                listener,
                pass -> {
                    long lines = 0;
                    while (pass.parser.nextToken() != null) {
                        JsonLine line = JsonLine.read(pass);
                        lines++;
                        // Published files were made of tables, and kept the heading.
                        if ("Component".equals(line.texts().get("Component"))) {
                            continue;
                        }
                        sink.label(
                                line.texts().containsKey("Name")
                                        ? annotation(line)
                                        : explanation(line));
                    }
                    if (lines == 0) {
                        throw pass.failureAt(
                                "file", "it holds no labels", "write one object a line");
                    }
                    return lines;
                });
    }

    /** The name says what the other fields repeat, where they are there. */
    private static Label annotation(JsonLine line) throws IOException {
        String name = line.text("Name");
        Matcher matcher = NAME.matcher(name);
        if (!matcher.matches()) {
            throw line.failure(
                    "Name",
                    "found " + Json.shorten(name),
                    "write a feature as resid_2/13449 or embed/1425");
        }
        Map<String, String> texts = line.texts();
        boolean embedding = matcher.group(1) != null;
        String component = embedding ? "embed" : matcher.group(2);
        String index = matcher.group(4);
        if (!texts.getOrDefault("Component", component).equals(component)
                || !texts.getOrDefault("Feature", index).equals(index)
                || !embedding
                        && !texts.getOrDefault("Layer", matcher.group(3))
                                .equals(matcher.group(3))) {
            throw line.failure(
                    "Name",
                    "the name " + name + " contradicts Component, Layer or Feature",
                    "correct the one that is wrong");
        }
        return new Label(
                "annotations",
                component,
                embedding ? 0 : Integer.parseInt(matcher.group(3)),
                Long.parseLong(index),
                blankless(line.optionalText("Annotation")),
                blankless(texts.containsKey("notes") ? texts.get("notes") : texts.get("Notes")),
                null);
    }

    private static Label explanation(JsonLine line) throws IOException {
        String model = line.text("modelId");
        String source = line.others().getOrDefault("layer", line.texts().get("layer"));
        Matcher matcher = SOURCE.matcher(source == null ? "" : source);
        if (!matcher.matches()) {
            throw line.failure(
                    "layer",
                    source == null ? "the key is missing" : "found " + Json.shorten(source),
                    "write a source such as 6-res-jb");
        }
        String by = blankless(line.optionalText("explanationModelName"));
        return new Label(
                "neuronpedia",
                matcher.group(2) == null ? model : model + "/" + matcher.group(2),
                Integer.parseInt(matcher.group(1)),
                whole(line, "index"),
                blankless(line.optionalText("description")),
                null,
                by != null ? by : blankless(line.optionalText("authorId")));
    }

    /** A whole number, which these files write as a text or a number. */
    private static long whole(JsonLine line, String key) {
        String value = line.texts().getOrDefault(key, line.others().get(key));
        if (value == null || !WHOLE.matcher(value).matches()) {
            throw line.failure(
                    key,
                    value == null
                            ? "the key is missing"
                            : "found " + Json.shorten(value) + " where a number belongs",
                    "write a whole number from 0 to 999999999");
        }
        return Long.parseLong(value);
    }

    private static String blankless(String text) {
        return text == null || text.isBlank() ? null : text;
    }
}
