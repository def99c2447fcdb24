package org.ocpu.builder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SyncConfigTest {
    private static SyncConfig sync(String name, String... settings) {
        return config(settings).syncs().get(name);
    }

    private static BuilderConfig config(String... settings) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < settings.length; i += 2) {
            all.put(settings[i], settings[i + 1]);
        }
        return BuilderConfig.from(all);
    }

    private static List<URI> uris(String... addresses) {
        return List.of(addresses).stream().map(URI::create).toList();
    }

    @Test
    void aListOfPackagesIsAllThatHasToBeSaid() {
        SyncConfig cran = sync("cran", "sync.cran.packages", "ggplot2, dplyr");
        SyncConfig expected = new SyncConfig(
                "cran",
                "cran",
                uris("https://cloud.r-project.org"),
                new SyncConfig.Wanted.Packages(List.of("ggplot2", "dplyr")),
                List.of(),
                true,
                Optional.of("0 0 3 * * ?"),
                ZoneId.systemDefault(),
                Runtime.getRuntime().availableProcessors(),
                false,
                Duration.ofHours(1),
                MailOn.CHANGE);
        assertEquals(expected, cran);
    }

    @Test
    void eachSettingCountsForItsSync() {
        SyncConfig expected = new SyncConfig(
                "nightly",
                "bioc",
                uris("https://a.example", "https://b.example/x"),
                new SyncConfig.Wanted.TaskViewAt(URI.create("https://a.example/Econometrics.md")),
                uris("https://b.example/linux"),
                true,
                Optional.empty(),
                ZoneId.of("Europe/Amsterdam"),
                3,
                true,
                Duration.ofSeconds(60),
                MailOn.ALWAYS);
        SyncConfig actual = sync(
                "nightly",
                "sync.nightly.library",
                "bioc",
                "sync.nightly.repos",
                "https://a.example, https://b.example/x",
                "sync.nightly.taskview",
                "https://a.example/Econometrics.md",
                "sync.nightly.binaries",
                "https://b.example/linux",
                "sync.nightly.cron",
                "off",
                "sync.nightly.timezone",
                "Europe/Amsterdam",
                "sync.nightly.parallel",
                "3",
                "sync.nightly.prune",
                "true",
                "sync.nightly.timelimit",
                "60",
                "sync.nightly.mail_on",
                "always",
                "sync.other.packages",
                "all");
        assertEquals(expected, actual);
    }

    @Test
    void biocIsBioconductorOfTheServersRBeforeTheUsualRepositories() {
        SyncConfig bioc = sync("bioc", "repos", "https://a.example", "sync.bioc.packages", "limma")
                .forR("4.2.2");
        assertEquals("bioc", bioc.library());
        assertEquals(
                uris(
                        "https://bioconductor.org/packages/3.16/bioc",
                        "https://bioconductor.org/packages/3.16/data/annotation",
                        "https://bioconductor.org/packages/3.16/data/experiment",
                        "https://a.example"),
                bioc.repositories());
    }

    @Test
    void binariesOffUsesNone() {
        SyncConfig cran = sync("cran", "sync.cran.packages", "all", "sync.cran.binaries", "off");
        assertFalse(cran.useBinaries());
        assertEquals(List.of(), cran.binaries());
    }

    @Test
    void nothingIsInstalledOnDemandUnlessSaid() {
        BuilderConfig.OnDemand cran = config().onDemand().get("cran");
        assertEquals(new BuilderConfig.OnDemand(false, 500, 200L << 20, uris("https://cloud.r-project.org")), cran);
        assertEquals(Set.of("cran", "bioc"), config().onDemand().keySet());
    }

    @Test
    void onDemandInstallsFromWhereTheSyncOfTheLibraryDoes() {
        String[] sync = {
            "sync.cran.packages", "all",
            "sync.cran.repos", "https://a.example",
            "bioc.ondemand.repos", "https://b.example"
        };
        assertEquals(
                uris("https://a.example"), config(sync).onDemand().get("cran").repositories());
        assertEquals(
                uris("https://b.example"), config(sync).onDemand().get("bioc").repositories());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "sync.cran.library | nosuch | sync.cran.library: nosuch",
                "sync.cran.repos | ftp://a.example | sync.cran.repos: ftp://a.example",
                "sync.cran.packages | ggplot2, 2bad | sync.cran.packages: ",
                "sync.cran.packages | R6, all | sync.cran.packages: R6, all (all and installed stand alone",
                "sync.cran.packages | Installed | sync.cran.packages: Installed (all and installed stand alone",
                "sync.cran.cron | 0 0 3 * * ? x | sync.cran.cron: 0 0 3 * * ? x (not a cron expression: Illegal cron expression format, at position 13",
                "sync.cran.taskview | https://a.example/x.md | sync.cran.packages: a list of packages, all or installed is needed",
                "sync.cran.timezone | Nowhere/Town | sync.cran.timezone: Nowhere/Town",
                "sync.cran.parallel | 0 | sync.cran.parallel: 0",
                "sync.cran.prune | maybe | sync.cran.prune: maybe",
                "sync.cran.timelimit | -1 | sync.cran.timelimit: -1",
                "sync.cran.mail_on | never | sync.cran.mail_on: never",
                "sync.on-demand.packages | all | sync.on-demand.*: the name on-demand is taken",
                "cran.ondemand.packages | many | cran.ondemand.packages: many",
                "bioc.ondemand.size | -1 | bioc.ondemand.size: -1"
            })
    void namesTheSettingThatIsWrong(String key, String value, String beginning) {
        String[] settings = key.equals("sync.cran.packages")
                ? new String[] {key, value}
                : new String[] {"sync.cran.packages", "all", key, value};
        String message = assertThrows(IllegalArgumentException.class, () -> config(settings))
                .getMessage();
        assertTrue(message.startsWith(beginning), message);
    }
}
