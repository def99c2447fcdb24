package org.ocpu.webapp;

import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.ocpu.builder.SyncPlanView;

/** What {@code ./ocpu sync --dry-run} prints. */
class SyncPlanTextTest {
    private static SyncPlanView.Change change(String name, String action, String why) {
        return new SyncPlanView.Change(name, action, "1.0", Optional.empty(), Optional.of(why));
    }

    @Test
    void whatCannotBeHadOfAllPackagesIsNoChange() {
        SyncPlanView plan = new SyncPlanView(
                "cran",
                "cran",
                List.of(change("fresh", "add", ""), change("modern", "skip", "needs R >= 99.0")),
                7,
                List.of(),
                List.of());
        StringWriter out = new StringWriter();
        new SyncPlanText(new ObjectMapper().valueToTree(SyncJson.of(plan))).print(new PrintWriter(out));
        String text = out.toString();
        assertTrue(text.startsWith("cran: 1 to change, 7 unchanged\n"), text);
        assertTrue(text.matches("(?s).*modern +- +1.0 +cannot be had: needs R >= 99.0\n.*"), text);
    }
}
