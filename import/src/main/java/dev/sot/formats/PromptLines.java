package dev.sot.formats;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Files of prompts for language models or people, JSON lines with one prompt each, and the files of
 * answers that come back, JSON lines with one answer each.
 */
final class PromptLines {

    private static final int ZERO_WIDTH_NON_JOINER = 0x200c;
    private static final int ZERO_WIDTH_JOINER = 0x200d;

    private PromptLines() {}

    /** Writes the fields of an object. */
    @FunctionalInterface
    interface Fields<T> {
        void write(JsonGenerator json, T task) throws IOException;
    }

    /**
     * Writes prompts, an object a line.
     *
     * @param target the file to write; its directory exists, a file of that name is replaced
     * @throws FormatException when the file cannot be written
     */
    static <T> void write(Path target, Iterator<T> tasks, Fields<T> fields) {
        AtomicFile.write(
                target,
                "the prompts",
                json -> {
                    json.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
                    while (tasks.hasNext()) {
                        json.writeStartObject();
                        fields.write(json, tasks.next());
                        json.writeEndObject();
                    }
                    json.writeRaw('\n');
                });
    }

    /** The data of a prompt: an object in whose texts nothing can be taken for its end. */
    static <T> String data(T task, Fields<T> fields) throws IOException {
        StringWriter out = new StringWriter();
        try (JsonGenerator json = Json.FACTORY.createGenerator(out)) {
            json.writeStartObject();
            fields.write(json, task);
            json.writeEndObject();
        }
        return withoutTags(out.toString());
    }

    /** A text as JSON in which nothing can be taken for the end of the data. */
    static String quote(String text) {
        return withoutTags(Json.quote(text));
    }

    private static String withoutTags(String json) {
        return json.replace("<", "\\u003c").replace(">", "\\u003e");
    }

    /**
     * Reads answers, in the order of the file.
     *
     * @param what an answer is called
     * @param fields the fields of a line, for the remedy
     * @param subject the key of what is answered
     * @param subjectOf its value in an answer
     * @throws FormatException when the file holds no answers, or two to the same
     */
    static <T> List<T> read(
            Path file,
            String name,
            ReadListener listener,
            String what,
            String fields,
            String subject,
            Function<T, String> subjectOf,
            Function<JsonLine, T> answer) {
        return JsonPass.over(
                file,
                name,
                FileStamp.of(file, name),
                listener,
                pass -> {
                    List<T> answers = new ArrayList<>();
                    Map<String, Integer> places = new HashMap<>();
                    while (pass.parser.nextToken() != null) {
                        JsonLine line = JsonLine.read(pass);
                        requireAnswer(line);
                        T read = answer.apply(line);
                        Integer earlier = places.put(subjectOf.apply(read), answers.size() + 1);
                        if (earlier != null) {
                            throw pass.failure(
                                    subject,
                                    Json.shorten(subjectOf.apply(read))
                                            + " has a "
                                            + what
                                            + " already, the "
                                            + earlier
                                            + ". in the file",
                                    "keep one of the two");
                        }
                        answers.add(read);
                    }
                    if (answers.isEmpty()) {
                        throw pass.failureAt(
                                "file",
                                "it holds no " + what + "s",
                                "write one JSON object with " + fields + " a line");
                    }
                    return answers;
                });
    }

    private static void requireAnswer(JsonLine line) {
        if (line.texts().containsKey("prompt")) {
            throw line.failure(
                    "prompt", "this is a prompt, not an answer", "name the file with the answers");
        }
    }

    /** A text that may be null but not be missing. */
    static String answered(JsonLine line, String key) {
        if (!line.texts().containsKey(key) && !line.others().containsKey(key)) {
            throw line.failure(
                    key, "the key is missing", "write a text, or null where there is no telling");
        }
        return line.optionalText(key);
    }

    /** A text that is not empty, not too long, and that looks like what it is. */
    static String shown(JsonLine line, String key, String text, int most) {
        String stripped = text.strip();
        if (stripped.isEmpty()) {
            throw line.failure(key, "the text is empty", "write null where there is none");
        }
        if (stripped.length() > most) {
            throw line.failure(
                    key,
                    "the text is " + stripped.length() + " characters long",
                    "write at most " + most);
        }
        stripped.codePoints()
                .filter(PromptLines::isHidden)
                .findFirst()
                .ifPresent(
                        c -> {
                            throw line.failure(
                                    key,
                                    String.format("the text holds the control character U+%04X", c),
                                    "write one line of plain text");
                        });
        return stripped;
    }

    private static boolean isHidden(int c) {
        return switch (Character.getType(c)) {
            case Character.CONTROL,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.PRIVATE_USE,
                    Character.UNASSIGNED ->
                    true;
            case Character.FORMAT -> c != ZERO_WIDTH_JOINER && c != ZERO_WIDTH_NON_JOINER;
            default -> false;
        };
    }
}
