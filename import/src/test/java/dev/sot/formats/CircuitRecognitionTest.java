package dev.sot.formats;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CircuitRecognitionTest {

    @TempDir Path directory;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"graphs\": [{\"slug\": \"a\", \"nodes\": 3}]}",
                "[{\"slug\": \"a\", \"nodes\": [], \"links\": []}]",
                "{}",
                "17"
            })
    void anIndexBesideCircuitsIsNoCircuit(String json) throws IOException {
        assertThat(recognised(json)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"metadata\": {}, \"nodes\": []}",
                "{\"links\": [{\"source\": ",
                "{\"metadata\": {\"slug\": \"a\"",
                "no json"
            })
    void whatHasNodesOrLinksOrCannotBeReadIsLeftToTheReader(String json) throws IOException {
        assertThat(recognised(json)).isTrue();
    }

    @Test
    void anEmptyFileIsLeftToTheReader() throws IOException {
        assertThat(recognised("")).isTrue();
    }

    private boolean recognised(String json) throws IOException {
        Path file = Files.writeString(directory.resolve("file.json"), json);
        return CircuitReader.isCircuit(file, "file.json", ReadListener.NONE);
    }
}
