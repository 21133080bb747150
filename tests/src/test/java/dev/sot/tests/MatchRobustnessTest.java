package dev.sot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/**
 * A run of matches that is killed with its server and resumed writes what it would have written.
 */
class MatchRobustnessTest {

    @Test
    void aKilledRunGoesOnAndWritesTheSame() {
        Sot.Run run = Sot.run("bench", "match", "--sizes=2001", "--dimension=8");
        assertThat(run.exitCode()).as(run.errors()).isZero();
        // Parts that the killed server had kept, and no match that differs.
        assertThat(run.output())
                .containsPattern("(?m)^ *2001( +[0-9.e-]+){4} +[1-9][0-9]*( +[0-9]+){3} +0$");
        assertThat(run.errors()).doesNotContain("Exception", "\tat ");
    }
}
