package dev.sot.formats;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.io.JsonEOFException;
import java.io.ByteArrayInputStream;
import java.io.CharConversionException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipException;

/**
 * One pass over a JSON file, which may be compressed with gzip: a parser whose failures become
 * {@link FormatException}s that name file and place.
 */
final class JsonPass {
    /** What a pass does with its parser. */
    @FunctionalInterface
    interface Body<T> {
        T read(JsonPass pass) throws IOException;
    }

    private final String file;
    private final HashingInput input;
    final JsonParser parser;

    private JsonPass(String file, HashingInput input, JsonParser parser) {
        this.file = file;
        this.input = input;
        this.parser = parser;
    }

    /** Reads a file from its beginning; {@code body} decides how far. */
    static <T> T over(
            Path path, String name, FileStamp stamp, ReadListener listener, Body<T> body) {
        try (InputStream in = Files.newInputStream(path)) {
            return over(new HashingInput(in, stamp.size(), listener), name, body);
        } catch (IOException e) {
            throw FileStamp.unreadable(name, e);
        }
    }

    /** Reads bytes of a file that are in memory. */
    static <T> T over(byte[] bytes, String name, Body<T> body) {
        try {
            return over(
                    new HashingInput(
                            new ByteArrayInputStream(bytes), bytes.length, ReadListener.NONE),
                    name,
                    body);
        } catch (IOException e) {
            throw FileStamp.unreadable(name, e);
        }
    }

    private static <T> T over(HashingInput input, String name, Body<T> body) throws IOException {
        try (JsonParser parser = Json.FACTORY.createParser(Gunzip.of(input, name))) {
            return new JsonPass(name, input, parser).run(body);
        } catch (ZipException | EOFException e) {
            throw new FormatException(
                    name,
                    "gzip",
                    "the compressed data is damaged (" + e.getMessage() + ")",
                    "it may have been cut off; copy it again",
                    e);
        } catch (CharConversionException e) {
            throw new FormatException(
                    name, "beginning", "the bytes are not UTF-8", "save the file as UTF-8", e);
        }
    }

    private <T> T run(Body<T> body) throws IOException {
        try {
            return body.read(this);
        } catch (JsonEOFException e) {
            throw failed(
                    e.getLocation(),
                    "the file ends in the middle",
                    "it was cut off; copy it again",
                    e);
        } catch (StreamConstraintsException e) {
            throw failed(
                    parser.currentLocation(),
                    tooMuch(e.getOriginalMessage()),
                    "real files stay far below; check what wrote it",
                    e);
        } catch (JsonProcessingException e) {
            boolean encoding = e.getOriginalMessage().startsWith("Invalid UTF-8");
            throw failed(
                    e.getLocation() != null ? e.getLocation() : parser.currentLocation(),
                    Json.shorten(firstSentence(e.getOriginalMessage())),
                    encoding
                            ? "save the file as UTF-8"
                            : "the file is not valid JSON; write it again",
                    e);
        } catch (CharConversionException e) {
            throw failed(
                    parser.currentLocation(),
                    "the bytes are not UTF-8",
                    "save the file as UTF-8",
                    e);
        }
    }

    private FormatException failed(
            JsonLocation location, String problem, String remedy, IOException cause) {
        return new FormatException(file, place(location), problem, remedy, cause);
    }

    private static String tooMuch(String message) {
        if (message.startsWith("String value length")) {
            return "a text is longer than " + Json.MAX_STRING + " characters";
        }
        return Json.shorten(firstSentence(message));
    }

    private static String firstSentence(String message) {
        int end = message.indexOf(" (");
        return end > 0 ? message.substring(0, end) : message;
    }

    private static String place(JsonLocation location) {
        return "line " + location.getLineNr() + ", column " + location.getColumnNr();
    }

    /**
     * A failure at a path such as {@code links[17].weight}, with the line where the parser stands.
     */
    FormatException failure(String path, String problem, String remedy) {
        return new FormatException(
                file, path + " (" + place(parser.currentTokenLocation()) + ")", problem, remedy);
    }

    /** A failure for which no single line is to blame. */
    FormatException failureAt(String path, String problem, String remedy) {
        return new FormatException(file, path, problem, remedy);
    }

    FormatException wrongType(String path, String expected) throws IOException {
        return failure(
                path, "found " + shown() + " where " + expected + " belongs", "write " + expected);
    }

    /** The current value for a message. */
    String shown() throws IOException {
        JsonToken token = parser.currentToken();
        if (token == null) {
            return "the end of the file";
        }
        return switch (token) {
            case START_OBJECT -> "an object";
            case START_ARRAY -> "a list";
            case VALUE_STRING -> "the text \"" + Json.shorten(parser.getText()) + "\"";
            default -> Json.shorten(parser.getText());
        };
    }

    void require(JsonToken token, String path, String expected) throws IOException {
        if (parser.currentToken() != token) {
            throw wrongType(path, expected);
        }
    }

    /** The text at which the parser stands. */
    String string(String path) throws IOException {
        require(JsonToken.VALUE_STRING, path, "a text");
        return Json.checked(parser.getText(), parser);
    }

    /** The finite number at which the parser stands. */
    double finite(String path) throws IOException {
        JsonToken token = parser.currentToken();
        if (token != JsonToken.VALUE_NUMBER_FLOAT && token != JsonToken.VALUE_NUMBER_INT) {
            throw wrongType(path, "a finite number");
        }
        double value = parser.getDoubleValue();
        if (!Double.isFinite(value)) {
            throw wrongType(path, "a finite number");
        }
        return value;
    }

    /** The whole number at which the parser stands. */
    long whole(String path, long least, long most) throws IOException {
        String range = "a whole number from " + least + " to " + most;
        if (parser.currentToken() != JsonToken.VALUE_NUMBER_INT
                || parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
            throw wrongType(path, range);
        }
        long value = parser.getLongValue();
        if (value < least || value > most) {
            throw wrongType(path, range);
        }
        return value;
    }

    /** Keeps a member as text, refusing a second one of the same name. */
    void keep(Map<String, String> members, String name, String path) throws IOException {
        if (members.containsKey(name)) {
            throw duplicate(path);
        }
        members.put(Json.checked(name, parser), Json.text(parser));
    }

    FormatException duplicate(String path) {
        return failure(path, "the key occurs twice", "keep one of the two");
    }

    /** Requires that nothing follows, and returns the SHA-256 of the file. */
    String finish() throws IOException {
        if (parser.nextToken() != null) {
            throw failure(
                    "end",
                    "found " + shown() + " after the end of the value",
                    "remove what follows");
        }
        return input.finish();
    }
}
