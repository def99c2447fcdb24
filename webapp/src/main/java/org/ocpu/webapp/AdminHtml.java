package org.ocpu.webapp;

/**
 * What an admin can do on the pages about syncs. It takes {@code sync.js}, since the admin token goes into a header; without
 * JavaScript the pages name the command instead.
 */
final class AdminHtml {
    private AdminHtml() {}

    /** What a run of this sync would change, and how to start one. */
    static Html plan(String sync) {
        return Html.of("""
                <section id="plan" aria-labelledby="plan-title" data-sync="{}">
                <h2 id="plan-title">What would change</h2>
                <p class="unscripted">On the server's machine, <code>./ocpu sync {} --dry-run</code> shows what a run would change.</p>
                <p class="actions"><button type="button" data-does="plan">Show what would change</button> <button type="button" data-does="run">Run now</button></p>
                {}<div id="planned"></div>
                </section>
                """, sync, sync, controls());
    }

    /** What buttons on the rest of the page need: where the outcome is told, how to give the token, and whether it is meant. */
    static Html controls() {
        return new Html("""
                <p id="said" role="status" tabindex="-1"></p>
                <dialog id="token" aria-labelledby="token-title" aria-describedby="token-why">
                <form method="dialog">
                <h2 id="token-title">Admin token</h2>
                <p id="token-why">The server printed it at its first start. On the server's machine, <code>./ocpu token</code> makes a new one. This page forgets it when you leave.</p>
                <label for="token-field">Token</label>
                <input id="token-field" type="password" autocomplete="off" required pattern=" *[A-Za-z0-9._~+\\/\\-]+=* *" title="A token is letters, digits and signs such as - and _, without spaces">
                <p class="actions"><button>Go on</button> <button type="button">Not now</button></p>
                </form>
                </dialog>
                <dialog id="confirm" aria-labelledby="confirm-title" aria-describedby="confirm-words">
                <form method="dialog">
                <h2 id="confirm-title"></h2>
                <p id="confirm-words"></p>
                <p class="actions"><button value="yes" class="primary"></button> <button value="">Not now</button></p>
                </form>
                </dialog>
                """);
    }

    /** Cancels the run of the section that it is in. */
    static Html cancel() {
        return new Html(
                "<p class=\"actions\"><button type=\"button\" data-does=\"cancel\">Cancel this run</button></p>");
    }
}
