package org.ocpu.webapp;

import io.javalin.http.Context;
import org.ocpu.app.PackageRef;
import org.ocpu.app.Reading;

/** What packages have, in the JSON API: functions with their arguments, data sets and other objects. */
final class OutlineResource {
    private final Answers answers;

    OutlineResource(Answers answers) {
        this.answers = answers;
    }

    void brief(Context ctx, PackageRef ref) {
        answers.read(ctx, Reading.outline(ref));
    }

    void function(Context ctx, PackageRef ref) {
        answers.read(ctx, Reading.outline(ref, "function", ctx.pathParam("name")));
    }

    void dataSet(Context ctx, PackageRef ref) {
        answers.read(ctx, Reading.outline(ref, "data", ctx.pathParam("name")));
    }
}
