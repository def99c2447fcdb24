package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnsiTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "~31mred~0m plain | <span class='fg-1'>red</span> plain",
                "~1;92mboth~22m less | <span class='fg-10 bold'>both</span><span class='fg-10'> less</span>",
                "~38;5;196mred~39m, ~38;5;21mblue~39m, ~38;5;250mgrey | <span class='fg-9'>red</span>, <span class='fg-12'>blue</span>, <span class='fg-7'>grey</span>",
                "~38;2;0;128;0mgreen~48;2;255;255;255m on white | <span class='fg-2'>green</span><span class='fg-2 bg-15'> on white</span>",
                "~38;5;3;4mboth | <span class='fg-3 underlined'>both</span>",
                "~7mback~27m ~33;7mto front | <span class='reversed'>back</span> <span class='bg-3'>to front</span>",
                "~3;2;4mleaning | <span class='dim italic underlined'>leaning</span>",
                "~31;38mcut off | <span class='fg-1'>cut off</span>",
                "~31mred~mplain | <span class='fg-1'>red</span>plain",
                "~99999999999mnone | none",
                "~2Kgone~10;20H | gone",
            })
    void coloursBecomeClassesAndOtherSequencesGo(String text, String html) {
        assertEquals(html.replace('\'', '"'), Ansi.html(text.replace("~", "\u001b[")));
    }

    @Test
    void whatIsColouredIsEscaped() {
        assertEquals("<span class=\"fg-1\">&lt;b&gt;</span> &amp;", Ansi.html("\u001b[31m<b>\u001b[0m &"));
        assertEquals(HtmlTest.ESCAPED, Ansi.html(HtmlTest.ATTACK));
    }

    @Test
    void plainTextHasNeitherColoursNorTitlesNorControls() {
        assertEquals("red and\tgreen", Ansi.plain("\u001b[31mred\u001b[0m and\t\u001b]0;title\u0007green\u0008"));
        assertEquals("as it is", Ansi.plain("as it is"));
        assertEquals("cut ", Ansi.plain("cut \u001b"));
    }
}
