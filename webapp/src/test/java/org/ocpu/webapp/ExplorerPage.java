package org.ocpu.webapp;

import static org.openqa.selenium.support.ui.ExpectedConditions.textMatches;
import static org.openqa.selenium.support.ui.ExpectedConditions.visibilityOfElementLocated;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.support.ui.Select;

/** The explorer of a server's API, and what a person does with it. */
final class ExplorerPage {
    static final By STATUS = By.id("status");
    static final By RESULT = By.id("result");
    static final By CURL = By.id("curl");
    static final By PACKAGE = field("Package");
    static final By OBJECT = field("Function or data");

    final TestBrowser browser;
    private final String address;

    ExplorerPage(TestBrowser browser, TestServer server) {
        this.browser = browser;
        this.address = server.server.address() + "/ocpu/test/";
    }

    /** A combobox, by its label. */
    private static By field(String label) {
        return By.xpath("//label[text()='" + label + "']/following-sibling::input");
    }

    /** Opens the page as in a new tab. */
    void open(String fragment) {
        browser.open("about:blank");
        browser.open(address + fragment);
        browser.await(
                driver -> !browser.find(CURL).getDomProperty("textContent").isEmpty());
    }

    /** Replaces what is in a field, key by key. */
    void write(By field, String text) {
        WebElement element = browser.await(visibilityOfElementLocated(field));
        element.sendKeys(Keys.chord(Keys.CONTROL, "a"), text.isEmpty() ? Keys.DELETE : text);
    }

    /** Chooses from a combobox by the keyboard. */
    void choose(By field, String typed, String option) {
        write(field, typed);
        browser.await(visibilityOfElementLocated(By.cssSelector("[role=option][data-value='" + option + "']")));
        browser.find(field).sendKeys(Keys.ARROW_DOWN, Keys.ENTER);
    }

    void library(String value) {
        new Select(browser.find(By.id("pick-library"))).selectByValue(value);
    }

    /** The field of an argument of the function that is picked. */
    static By argument(String name) {
        return By.cssSelector("[data-argument='" + name + "'] [data-part=value]");
    }

    void kind(String argument, String kind) {
        new Select(browser.await(
                        visibilityOfElementLocated(By.cssSelector("[data-argument='" + argument + "'] select"))))
                .selectByVisibleText(kind);
    }

    void send() {
        browser.click(By.id("send"));
    }

    void awaitStatus(String pattern) {
        browser.await(textMatches(STATUS, Pattern.compile(pattern)));
    }

    void awaitResult(String pattern) {
        awaitText(RESULT, pattern);
    }

    void awaitText(By where, String pattern) {
        browser.await(textMatches(where, Pattern.compile(pattern, Pattern.DOTALL)));
    }

    /** A part of the session's tree. */
    static By branch(String entry) {
        return By.cssSelector("[data-entry='" + entry + "']");
    }

    void unfold(String entry) {
        browser.await(visibilityOfElementLocated(By.cssSelector("[data-entry='" + entry + "'] > summary")))
                .click();
    }

    String fragment() {
        return (String) browser.driver.executeScript("return location.hash");
    }

    /** What the command prints that the page shows, run by a shell. */
    String runCurl(Path directory) throws IOException, InterruptedException {
        return run(directory, browser.find(CURL).getDomProperty("textContent"));
    }

    static String run(Path directory, String command) throws IOException, InterruptedException {
        Process shell = new ProcessBuilder("sh", "-c", command)
                .directory(directory.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        String out = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        shell.waitFor();
        return out;
    }

    /** What the JavaScript logs that the page shows, run as in the browser's console. */
    Object runJavaScript() {
        return browser.driver.executeAsyncScript("""
                const done = arguments[0];
                const logged = [];
                const code = document.getElementById("javascript").textContent;
                const AsyncFunction = (async () => {}).constructor;
                new AsyncFunction("console", code)({ log: (value) => logged.push(value) })
                    .then(() => done(JSON.stringify(logged)), (failure) => done(String(failure)));
                """);
    }
}
