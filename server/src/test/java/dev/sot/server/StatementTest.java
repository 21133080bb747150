package dev.sot.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class StatementTest {

    private static List<String> texts(String script) {
        return Statement.split(script).stream().map(Statement::text).toList();
    }

    @Test
    void semicolonsSeparateStatementsAndTheLastNeedsNone() {
        assertThat(texts("RETURN 1; RETURN 2;\nRETURN 3"))
                .containsExactly("RETURN 1", "RETURN 2", "RETURN 3");
    }

    @Test
    void semicolonsInStringsAndQuotedNamesSeparateNothing() {
        assertThat(texts("RETURN 'a;b', \"c;d\" AS `e;f`; RETURN 2"))
                .containsExactly("RETURN 'a;b', \"c;d\" AS `e;f`", "RETURN 2");
    }

    @Test
    void escapedQuotesAndBackslashesStayInsideTheirString() {
        assertThat(texts("RETURN 'it\\'s; fine'; RETURN \"\\\\\"; RETURN `a``;b`"))
                .containsExactly("RETURN 'it\\'s; fine'", "RETURN \"\\\\\"", "RETURN `a``;b`");
    }

    @Test
    void semicolonsAndQuotesInCommentsCountForNothing() {
        assertThat(texts("// don't; stop\nRETURN 1 /* it's; */ + 1; // end;\nRETURN 2"))
                .containsExactly("RETURN 1 /* it's; */ + 1", "RETURN 2");
    }

    @Test
    void commentMarksInStringsAreText() {
        assertThat(texts("RETURN 'http://a/*b'; RETURN 2"))
                .containsExactly("RETURN 'http://a/*b'", "RETURN 2");
    }

    @Test
    void nothingButCommentsAndBlanksIsNoStatement() {
        assertThat(texts(" ;; // a\n/* b */ ;\n")).isEmpty();
    }

    @Test
    void aStringThatIsNotClosedExtendsToTheEnd() {
        assertThat(texts("RETURN 'a; RETURN 2")).containsExactly("RETURN 'a; RETURN 2");
        assertThat(texts("RETURN 'a\\")).containsExactly("RETURN 'a\\");
    }

    @Test
    void aCommentThatIsNotClosedIsRefusedWithItsLine() {
        assertThatThrownBy(() -> Statement.split("RETURN 1;\n\n/* a; RETURN 2"))
                .isInstanceOf(UsageException.class)
                .hasMessageContaining("line 3");
    }

    @Test
    void aStatementKnowsWhereItsFirstWordStands() {
        List<Statement> statements =
                Statement.split("// head\n\nRETURN 1;\n  /* note\n */ RETURN\n 2; RETURN 3");

        assertThat(statements).extracting(Statement::line).containsExactly(3, 5, 6);
        assertThat(statements).extracting(Statement::column).containsExactly(1, 5, 5);
    }
}
