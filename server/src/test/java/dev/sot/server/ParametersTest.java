package dev.sot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ParametersTest {

    @Test
    void jsonValuesBecomeValuesOfCypher() {
        assertThat(
                        Parameters.parse(
                                List.of(
                                        "int=3",
                                        "float=0.5",
                                        "truth=true",
                                        "nothing=null",
                                        "list=[1, \"a\"]",
                                        "map={\"k\": 2}",
                                        "text=\"3\"")))
                .containsEntry("int", 3L)
                .containsEntry("float", 0.5)
                .containsEntry("truth", true)
                .containsEntry("nothing", null)
                .containsEntry("list", List.of(1L, "a"))
                .containsEntry("map", Map.of("k", 2L))
                .containsEntry("text", "3");
    }

    @Test
    void anythingElseIsAString() {
        assertThat(Parameters.parse(List.of("slug=add-three", "words=1 2", "empty=", "eq=a=b")))
                .containsEntry("slug", "add-three")
                .containsEntry("words", "1 2")
                .containsEntry("empty", "")
                .containsEntry("eq", "a=b");
    }

    @Test
    void aParameterNeedsOneNameAndAtMost64Bits() {
        assertThatThrownBy(() -> Parameters.parse(List.of("=3")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("--param name=value");
        assertThatThrownBy(() -> Parameters.parse(List.of("k=1", "k=2")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("k is given twice");
        assertThatThrownBy(() -> Parameters.parse(List.of("k=[9223372036854775808]")))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("exceeds 64 bits");
    }
}
