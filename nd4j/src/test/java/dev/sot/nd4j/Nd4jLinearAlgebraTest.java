package dev.sot.nd4j;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sot.transport.linear.Backends;
import dev.sot.transport.linear.LinearAlgebra;
import dev.sot.transport.linear.LinearAlgebraContract;
import org.junit.jupiter.api.Test;

class Nd4jLinearAlgebraTest extends LinearAlgebraContract {

    @Override
    protected LinearAlgebra algebra() {
        return Backends.choose("nd4j", 0);
    }

    @Test
    void isFoundAndRunsOnlyWhereItIsAskedFor() {
        assertThat(Backends.usable())
                .extracting(LinearAlgebra::name)
                .containsExactly("java", "nd4j");
        assertThat(Backends.choose("nd4j", 0).name()).isEqualTo("nd4j");
        assertThat(Backends.choose(Backends.AUTO, 1e15).name()).isEqualTo("java");
    }
}
