package dev.sot.formats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sot.formats.InterventionList.Group;
import dev.sot.formats.InterventionList.Member;
import dev.sot.formats.InterventionList.Partition;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InterventionFilesTest {
    private static final Partition PARTITION =
            new Partition(
                    "demo",
                    "tiny",
                    "model/dictionary",
                    List.of(2),
                    List.of(
                            new Group("demo/0", List.of(new Member(0, 5, 1), new Member(1, 6, 2))),
                            new Group("demo/1", List.of(new Member(2, 7, 2)))));

    private static final String HEADER =
            "{\"format\":\"sot-intervention-results/1\",\"model\":\"m\",\"prompts\":20,"
                    + "\"promptSet\":\"unseen\",\"others\":\"mean\",\"results\":%d}\n";

    @TempDir Path directory;

    @Test
    void aListIsOneLineForWhatToDoAndOneForEachCompression() throws IOException {
        Path file = directory.resolve("list.jsonl");
        InterventionList.write(
                file,
                List.of(InterventionKind.AVERAGE, InterventionKind.ABLATE),
                "mean",
                List.of(PARTITION));
        assertThat(Files.readString(file))
                .isEqualTo(
                        "{\"format\":\"sot-interventions/1\",\"kinds\":[\"average\",\"ablate\"],"
                                + "\"others\":\"mean\",\"compressions\":1}\n"
                                + "{\"compression\":\"demo\",\"partition\":\""
                                + PARTITION.hash()
                                + "\",\"circuit\":\"tiny\",\"dictionary\":\"model/dictionary\","
                                + "\"readout\":[2],\"supernodes\":["
                                + "{\"supernode\":\"demo/0\",\"members\":[[0,5,1],[1,6,2]]},"
                                + "{\"supernode\":\"demo/1\",\"members\":[[2,7,2]]}]}\n");
        assertThat(directory.toFile().list()).containsExactly("list.jsonl");
    }

    @Test
    void theHashIsThatOfTheDocumentedText() {
        // printf 'model/dictionary\ndemo/0\t0/5/1\t1/6/2\ndemo/1\t2/7/2' | sha256sum
        assertThat(PARTITION.hash())
                .isEqualTo("9442ab09ffb9377a52ed28947c03b624e22f84e22d0001832a343cb800969c54");
    }

    @Test
    void resultsAreReadInTheirOrder() throws IOException {
        InterventionResults results =
                read(
                        HEADER.formatted(2)
                                + line("average", null, "{\"faithfulness\":0.5,\"exact\":-1e-3}")
                                + line("ablate", "demo/1", "{\"logitChange\":-2}"));
        assertThat(results)
                .isEqualTo(
                        new InterventionResults(
                                "m",
                                20,
                                "unseen",
                                "mean",
                                List.of(
                                        new InterventionResults.Result(
                                                "demo",
                                                "h",
                                                InterventionKind.AVERAGE,
                                                null,
                                                Map.of("faithfulness", 0.5, "exact", -1e-3)),
                                        new InterventionResults.Result(
                                                "demo",
                                                "h",
                                                InterventionKind.ABLATE,
                                                "demo/1",
                                                Map.of("logitChange", -2.0)))));
    }

    @Test
    void whatIsWrongIsNamed() throws IOException {
        String average = line("average", null, "{\"exact\":1}");
        failure(HEADER.formatted(2) + average)
                .hasMessageContaining("there are 2 results, but the file has 1")
                .hasMessageContaining("it was cut off");
        failure(HEADER.formatted(2) + average + average)
                .hasMessageContaining("there already is a result of this kind for compression demo")
                .hasMessageContaining("line 3");
        failure(HEADER.formatted(1) + line("ablate", null, "{}"))
                .hasMessageContaining("supernode")
                .hasMessageContaining("the key is missing");
        failure(HEADER.formatted(1) + line("average", "demo/0", "{}"))
                .hasMessageContaining("the key is there");
        failure(HEADER.formatted(1) + line("steer", null, "{}"))
                .hasMessageContaining("found steer")
                .hasMessageContaining("[average, ablate, uncompressed, allMeans]");
        failure(HEADER.formatted(1) + line("average", null, "{\"exact\":NaN}"))
                .hasMessageContaining("NaN");
        failure(HEADER.formatted(1) + line("average", null, "{\"exact\":1e999}"))
                .hasMessageContaining("measures.exact")
                .hasMessageContaining("finite");
        failure(HEADER.formatted(1) + line("average", null, "{\"exact\":\"1\"}"))
                .hasMessageContaining("measures.exact");
        failure(HEADER.formatted(1) + line("average", null, "[1]"))
                .hasMessageContaining("an object of numbers");
        failure(HEADER.formatted(1) + line("average", null, "{\"a`b\":1}"))
                .hasMessageContaining("no name of a measure");
        failure(HEADER.replace("unseen", "x".repeat(1001)).formatted(0))
                .hasMessageContaining("promptSet")
                .hasMessageContaining("1001 characters");
        failure("{\"format\":\"sot-interventions/1\"}\n")
                .hasMessageContaining("these are the interventions");
        failure("").hasMessageContaining("the end of the file");
    }

    private static String line(String kind, String supernode, String measures) {
        return "{\"compression\":\"demo\",\"partition\":\"h\",\"kind\":\""
                + kind
                + "\","
                + (supernode == null ? "" : "\"supernode\":\"" + supernode + "\",")
                + "\"measures\":"
                + measures
                + "}\n";
    }

    private InterventionResults read(String text) throws IOException {
        Path file = directory.resolve("results.jsonl");
        Files.writeString(file, text);
        return InterventionResults.read(file, "results.jsonl", ReadListener.NONE);
    }

    private AbstractThrowableAssert<?, ?> failure(String text) {
        return assertThatThrownBy(() -> read(text))
                .as(text)
                .isInstanceOf(FormatException.class)
                .hasMessageStartingWith("results.jsonl: ");
    }
}
