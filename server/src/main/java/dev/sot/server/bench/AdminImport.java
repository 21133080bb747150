package dev.sot.server.bench;

import dev.sot.formats.ActivationBundle;
import dev.sot.formats.ReadListener;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The graph of a drawn bundle by {@code neo4j-admin database import}, which builds the store of an
 * empty database that no server has open: the same nodes, relationships and properties as {@code
 * sot.import.activations} writes, as tables of comma-separated values.
 */
final class AdminImport {

    /** Values in one block of hidden states, as the importer has them. */
    private static final int BLOCK_VALUES = 65_536;

    private static final int SMALLEST_BUFFER = 4 << 20;

    private final Path directory;
    private final List<String> arguments = new ArrayList<>();
    private int longest = SMALLEST_BUFFER;

    /**
     * @param directory for the tables and the configuration
     */
    AdminImport(Path directory) {
        this.directory = directory;
    }

    /** Writes the tables of a bundle. */
    void write(Path bundle) throws IOException {
        Files.createDirectories(directory);
        ActivationBundle read = ActivationBundle.open(bundle, "bundle", ReadListener.NONE);
        String corpus = read.model();
        String dictionary = read.dictionaries().get(0).name();
        ActivationBundle.DictionaryLayer layer = read.dictionaries().get(0).layers().get(0);
        nodes("Model", "name:ID(Model)", table -> table.row(read.model()));
        nodes(
                "Dictionary",
                "name:ID(Dictionary),kind,layers:int[],widths:int[]",
                table -> table.row(dictionary, "sae", layer.layer(), layer.width()));
        nodes(
                "DictionaryLayer",
                "key:ID(DictionaryLayer),dictionary,layer:int,width:int,hiddenSize:int",
                table ->
                        table.row(
                                dictionary + "/" + layer.layer(),
                                dictionary,
                                layer.layer(),
                                layer.width(),
                                layer.hiddenSize()));
        nodes(
                "Corpus",
                "name:ID(Corpus),model,contentHash,positions:long,prompts:long,"
                        + "firstTokenIsSink:boolean,stateLayers:int[],dictionaries:string[],"
                        + "complete:boolean,importedAt:datetime",
                table ->
                        table.row(
                                corpus,
                                read.model(),
                                read.contentHash(),
                                read.positions(),
                                read.prompts(),
                                read.firstTokenIsSink(),
                                0,
                                dictionary,
                                true,
                                "2026-01-01T00:00:00Z"));
        int[] starts = new int[read.prompts()];
        read.forEachPosition(
                (index, prompt, position, id, token) -> {
                    if (position == 0) {
                        starts[prompt] = index;
                    }
                });
        nodes(
                "Prompt",
                "key:ID(Prompt),index:int,text,start:int",
                table ->
                        read.forEachPrompt(
                                (index, text, split) ->
                                        table.row(
                                                corpus + "/" + index, index, text, starts[index])));
        nodes(
                "TokenPosition",
                "key:ID(TokenPosition),index:int,prompt:int,position:int,tokenId:long,token",
                table ->
                        read.forEachPosition(
                                (index, prompt, position, id, token) ->
                                        table.row(
                                                corpus + "/" + index,
                                                index,
                                                prompt,
                                                position,
                                                id,
                                                token)));
        nodes(
                "HiddenStates",
                "key:ID(HiddenStates),layer:int,start:long,count:int,dimension:int,values:float[]",
                table ->
                        read.readStates(
                                0,
                                Math.max(1, BLOCK_VALUES / layer.hiddenSize()),
                                (start, rows, dimension, values) -> {
                                    StringBuilder text = new StringBuilder();
                                    for (int i = 0; i < rows * dimension; i++) {
                                        append(text, values[i]);
                                    }
                                    table.row(
                                            corpus + "/0/" + start,
                                            0,
                                            start,
                                            rows,
                                            dimension,
                                            text);
                                }));
        nodes(
                "Feature",
                "key:ID(Feature),dictionary,layer:int,index:long",
                table -> {
                    for (int i = 0; i < layer.width(); i++) {
                        table.row(feature(dictionary, i), dictionary, 0, i);
                    }
                });
        List<Integer> firing = new ArrayList<>();
        nodes(
                "Activations",
                "key:ID(Activations),firings:int,maximum:double,positions:int[],values:float[]",
                table ->
                        read.readActivations(
                                dictionary,
                                0,
                                (feature, positions, values) -> {
                                    firing.add(feature);
                                    double maximum = 0;
                                    StringBuilder at = new StringBuilder();
                                    StringBuilder text = new StringBuilder();
                                    for (int i = 0; i < positions.length; i++) {
                                        at.append(i == 0 ? "" : ";").append(positions[i]);
                                        append(text, (float) values[i]);
                                        maximum = Math.max(maximum, values[i]);
                                    }
                                    table.row(
                                            feature(dictionary, feature) + "@" + corpus,
                                            positions.length,
                                            maximum,
                                            at,
                                            text);
                                }));
        relationships("OF_MODEL", "Corpus", "Model", table -> table.row(corpus, read.model()));
        relationships(
                "OF_MODEL", "Dictionary", "Model", table -> table.row(dictionary, read.model()));
        relationships(
                "HAS_LAYER",
                "Dictionary",
                "DictionaryLayer",
                table -> table.row(dictionary, dictionary + "/" + layer.layer()));
        relationships(
                "IN_CORPUS",
                "Prompt",
                "Corpus",
                table ->
                        read.forEachPrompt(
                                (index, text, split) -> table.row(corpus + "/" + index, corpus)));
        relationships(
                "IN_PROMPT",
                "TokenPosition",
                "Prompt",
                table ->
                        read.forEachPosition(
                                (index, prompt, position, id, token) ->
                                        table.row(corpus + "/" + index, corpus + "/" + prompt)));
        relationships(
                "IN_CORPUS",
                "HiddenStates",
                "Corpus",
                table ->
                        read.readStates(
                                0,
                                Math.max(1, BLOCK_VALUES / layer.hiddenSize()),
                                (start, rows, dimension, values) ->
                                        table.row(corpus + "/0/" + start, corpus)));
        relationships(
                "IN_DICTIONARY",
                "Feature",
                "Dictionary",
                table -> {
                    for (int i = 0; i < layer.width(); i++) {
                        table.row(feature(dictionary, i), dictionary);
                    }
                });
        relationships(
                "HAS_ACTIVATIONS",
                "Feature",
                "Activations",
                table ->
                        firing.forEach(
                                f ->
                                        table.row(
                                                feature(dictionary, f),
                                                feature(dictionary, f) + "@" + corpus)));
        relationships(
                "IN_CORPUS",
                "Activations",
                "Corpus",
                table ->
                        firing.forEach(
                                f -> table.row(feature(dictionary, f) + "@" + corpus, corpus)));
    }

    /**
     * The import of the tables into the database below {@code data}, which must not exist.
     *
     * @param heap option of Java
     */
    ProcessBuilder command(Path data, String heap) throws IOException {
        Path configuration = Files.createDirectories(directory.resolve("conf"));
        Files.writeString(
                configuration.resolve("neo4j.conf"), "server.directories.data=" + data + "\n");
        List<String> command =
                new ArrayList<>(
                        List.of(
                                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                                heap,
                                "--add-opens=java.base/java.nio=ALL-UNNAMED",
                                "--add-opens=java.base/java.lang=ALL-UNNAMED",
                                "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
                                "-cp",
                                System.getProperty("java.class.path"),
                                "org.neo4j.cli.AdminTool",
                                "database",
                                "import",
                                "full",
                                "neo4j",
                                "--array-delimiter=;",
                                "--read-buffer-size=" + 2L * longest));
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().put("NEO4J_HOME", directory.toString());
        builder.environment().put("NEO4J_CONF", configuration.toString());
        return builder;
    }

    private static String feature(String dictionary, int index) {
        return dictionary + "/0/" + index;
    }

    private static void append(StringBuilder array, float value) {
        if (!array.isEmpty()) {
            array.append(';');
        }
        array.append(value);
    }

    private void nodes(String label, String header, Content content) throws IOException {
        Path file = directory.resolve(label + ".csv");
        write(file, header, content);
        arguments.add("--nodes=" + label + "=" + file);
    }

    private void relationships(String type, String from, String to, Content content)
            throws IOException {
        Path file = directory.resolve("%s-%s-%s.csv".formatted(from, type, to));
        write(file, ":START_ID(%s),:END_ID(%s)".formatted(from, to), content);
        arguments.add("--relationships=" + type + "=" + file);
    }

    private void write(Path file, String header, Content content) throws IOException {
        try (Writer out = Files.newBufferedWriter(file, StandardCharsets.UTF_8)) {
            out.write(header + "\n");
            content.writeTo(
                    values -> {
                        try {
                            for (int i = 0; i < values.length; i++) {
                                String text = values[i].toString();
                                longest = Math.max(longest, text.length());
                                out.write(i == 0 ? "" : ",");
                                out.write(text);
                            }
                            out.write('\n');
                        } catch (IOException e) {
                            throw new UncheckedIOException(e);
                        }
                    });
        }
    }

    /** Writes the rows of a table. */
    private interface Content {
        void writeTo(Table table);
    }

    /** Takes the values of a row, none of which has a comma or a quotation mark. */
    private interface Table {
        void row(Object... values);
    }
}
