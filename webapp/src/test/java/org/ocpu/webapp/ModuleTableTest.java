package org.ocpu.webapp;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.belongToAnyOf;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import org.junit.jupiter.api.Test;

/** The README's table of modules: what each may import. */
class ModuleTableTest {
    private static final JavaClasses OURS = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages("org.ocpu");

    private static void mayImport(String module, String... modules) {
        String[] allowed = new String[modules.length + 1];
        System.arraycopy(modules, 0, allowed, 1, modules.length);
        allowed[0] = module;
        for (int i = 0; i < allowed.length; i++) {
            allowed[i] = "org.ocpu." + allowed[i] + "..";
        }
        noClasses()
                .that()
                .resideInAPackage("org.ocpu." + module + "..")
                .should()
                .dependOnClassesThat(resideInAnyPackage("org.ocpu..").and(not(resideInAnyPackage(allowed))))
                .because("the README's table of modules says what " + module + " may import")
                .check(OURS);
    }

    @Test
    void eachModuleImportsOnlyWhatTheTableSays() {
        mayImport("mailer");
        mayImport("app");
        mayImport("builder", "app", "mailer");
        mayImport("webapp", "app", "builder", "mailer");
    }

    @Test
    void packagesHaveNoCycles() {
        slices().matching("org.ocpu.(**)").should().beFreeOfCycles().check(OURS);
    }

    @Test
    void onlyTheirOwnersImportQuartzAndJGit() {
        onlyIn("org.quartz..", "BuildScheduler", "BuildJob", "ReconcileJob", "SyncJob", "CleaningJob");
        onlyIn(
                "org.eclipse.jgit..",
                "GitAccess",
                "GitCheckout",
                "GitFiles",
                "GitHistory",
                "GitRemote",
                "LocalRepository");
    }

    private static void onlyIn(String library, String... owners) {
        classes()
                .that()
                .resideInAPackage("org.ocpu..")
                .and(not(belongToAnyOf(owners(owners))))
                .should()
                .onlyDependOnClassesThat(not(resideInAnyPackage(library)))
                .because(library + " belongs to " + String.join(", ", owners))
                .check(OURS);
    }

    private static Class<?>[] owners(String... names) {
        Class<?>[] owners = new Class<?>[names.length];
        for (int i = 0; i < names.length; i++) {
            owners[i] = OURS.get("org.ocpu.builder." + names[i]).reflect();
        }
        return owners;
    }

    @Test
    void javalinStaysInTheWebapp() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.ocpu.webapp..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.javalin..", "org.eclipse.jetty..", "jakarta.servlet..")
                .check(OURS);
    }
}
