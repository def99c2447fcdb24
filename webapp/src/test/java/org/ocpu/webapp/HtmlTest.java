package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlTest {
    static final String ATTACK = "<script>alert('1')</script> & \"quoted\"";
    static final String ESCAPED = "&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt; &amp; &quot;quoted&quot;";

    @Test
    void aValueIsEscapedAndHtmlIsNot() {
        assertEquals(
                "<p title=\"" + ESCAPED + "\">" + ESCAPED + "</p>",
                Html.of("<p title=\"{}\">{}</p>", ATTACK, ATTACK).text());
        assertEquals(
                "<b>1</b><b>2</b>",
                Html.of("{}", List.of(Html.of("<b>{}</b>", 1), Html.of("<b>{}</b>", 2)))
                        .text());
        assertEquals("<p>{}</p>", Html.of("<p>{}</p>", "{}").text());
        assertThrows(IllegalArgumentException.class, () -> Html.of("{}", 1, 2));
    }
}
