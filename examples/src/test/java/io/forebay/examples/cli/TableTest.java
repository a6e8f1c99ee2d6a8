package io.forebay.examples.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.forebay.examples.cli.Table.Column;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class TableTest {

    private final Table table =
            new Table(List.of(new Column("FIXED", false), new Column("NAME", true), new Column("NOTE", true)));

    @BeforeEach
    void addRows() {
        table.add(List.of("1234567890", "a long name of 24 chars.", "a note"));
        table.add(List.of("1", "short", ""));
    }

    @Test
    void isAsWideAsItsContentNeeds() {
        assertThat(table.lines(Console.UNLIMITED))
                .containsExactly(
                        "FIXED       NAME                      NOTE",
                        "1234567890  a long name of 24 chars.  a note",
                        "1           short");
    }

    @Test
    void cutsTheWidestColumnFirst() {
        assertThat(table.lines(34))
                .containsExactly(
                        "FIXED       NAME            NOTE", "1234567890  a long name o…  a note", "1           short");
    }

    @Test
    void leavesColumnsOutWhereCuttingDoesNotSuffice() {
        assertThat(table.lines(20)).containsExactly("FIXED       NAME", "1234567890  a long …", "1           short");
    }

    @Test
    void neverLeavesTheFirstColumnOut() {
        assertThat(table.lines(3)).containsExactly("FIXED", "1234567890", "1");
    }

    @Test
    void keepsARowOnItsLine() {
        table.add(List.of("a\nb", "c\td", "\u001b[31mred"));

        assertThat(table.lines(Console.UNLIMITED)).last().isEqualTo("a b         c d                        [31mred");
    }

    @Test
    void refusesARowOfAnotherLength() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> table.add(List.of("1")))
                .withMessage("values=1 for columns=3");
    }
}
