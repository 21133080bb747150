package dev.sot.procedures.match;

import dev.sot.procedures.runtime.SotProcedures;
import java.util.Map;
import java.util.stream.Stream;
import org.neo4j.procedure.Description;
import org.neo4j.procedure.Mode;
import org.neo4j.procedure.Name;
import org.neo4j.procedure.Procedure;

/** Matches judged by language models or people outside the database. */
public final class JudgeProcedures extends SotProcedures {

    @Procedure(name = "sot.match.judge.export", mode = Mode.WRITE)
    @Description(
            "Writes a prompt for each of a sample of matched pairs of features and of as many"
                + " random pairs, without saying which is which, for any language model to judge.")
    public Stream<JudgeExportResult> exportPairs(
            @Name(
                            value = "file",
                            description =
                                    "File to write, relative to the server's import directory.")
                    String file,
            @Name(
                            value = "configuration",
                            defaultValue = "{}",
                            description = "run | pairs, sample, contexts, window, seed, overwrite.")
                    Map<String, Object> configuration) {
        return Stream.of(new JudgeExport(session(), JudgeExportConfig.of(configuration)).run(file));
    }

    @Procedure(name = "sot.match.judge.import", mode = Mode.WRITE)
    @Description(
            "Reads the verdicts on the pairs of a judgement: mean and interval of the matched"
                    + " pairs, of the random ones, and of the difference.")
    public Stream<JudgeImportResult> importVerdicts(
            @Name(
                            value = "file",
                            description =
                                    "File of verdicts, relative to the server's import directory.")
                    String file,
            @Name(value = "configuration", defaultValue = "{}", description = "judge.")
                    Map<String, Object> configuration) {
        return Stream.of(
                new JudgeImport(session(), configuration)
                        .run(session().importDirectory().file(file), file));
    }

    @Procedure(name = "sot.match.judge.drop", mode = Mode.WRITE)
    @Description("Deletes a judgement with its verdicts.")
    public Stream<DropJudgementResult> drop(
            @Name(value = "judgement", description = "Id of the judgement.") String judgement) {
        return Stream.of(DropJudgementResult.of(session(), judgement));
    }
}
