package io.skyroll.app;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.conditions.ArchConditions.have;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;

@AnalyzeClasses(
        packages = "io.skyroll",
        importOptions = {DoNotIncludeTests.class, ArchitectureTest.WithoutJarsOfTests.class})
final class ArchitectureTest {

    @ArchTest
    static final ArchRule importsGoDownOnly = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .ensureAllClassesAreContainedInArchitectureIgnoring(not(resideInAnyPackage("io.skyroll..")))
            .layer("healpix")
            .definedBy("io.skyroll.healpix..")
            .layer("schemas")
            .definedBy("io.skyroll.schemas..")
            .layer("local")
            .definedBy("io.skyroll.local..")
            .layer("producers")
            .definedBy("io.skyroll.producers..")
            .layer("streams")
            .definedBy("io.skyroll.streams..")
            .layer("sinks")
            .definedBy("io.skyroll.sinks..")
            .layer("app")
            .definedBy("io.skyroll.app..")
            .whereLayer("healpix")
            .mayNotAccessAnyLayer()
            .whereLayer("schemas")
            .mayOnlyAccessLayers("healpix")
            .whereLayer("local")
            .mayNotAccessAnyLayer()
            .whereLayer("producers")
            .mayOnlyAccessLayers("schemas", "healpix")
            .whereLayer("streams")
            .mayOnlyAccessLayers("schemas", "healpix")
            .whereLayer("sinks")
            .mayOnlyAccessLayers("schemas", "healpix")
            .whereLayer("app")
            .mayNotBeAccessedByAnyLayer()
            .because("stages meet in topics and in the contract of schemas, nowhere else");

    @ArchTest
    static final ArchRule packagesHaveNoCycles =
            slices().matching("io.skyroll.(**)").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule namesSayWhatAThingIs = noClasses()
            .should()
            .haveSimpleNameEndingWith("Util")
            .orShould()
            .haveSimpleNameEndingWith("Utils")
            .orShould()
            .haveSimpleNameEndingWith("Helper")
            .orShould()
            .haveSimpleNameEndingWith("Manager")
            .orShould()
            .haveSimpleNameEndingWith("Impl")
            .because("a name that fits anything becomes a dumping ground");

    @ArchTest
    static final ArchRule onlyTheCommandLinePrints = noClasses()
            .that()
            .resideOutsideOfPackage("io.skyroll.app..")
            .should()
            .accessField(System.class, "out")
            .orShould()
            .accessField(System.class, "err")
            .because("the terminal belongs to the command; everything else logs");

    @ArchTest
    static final ArchRule timeIsPassedIn = noClasses()
            .that()
            .resideOutsideOfPackages("io.skyroll.app..", "io.skyroll.local..")
            .should()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(Instant.class, "now")
            .orShould()
            .callMethod(Clock.class, "systemUTC")
            .orShould()
            .callMethod(InstantSource.class, "system")
            .because("tests own the clock; servers of local run by the machine's");

    @ArchTest
    static final ArchRule classesAreClosed = classes()
            .that()
            .areTopLevelClasses()
            .and()
            .areNotInterfaces()
            .and()
            .doNotHaveModifier(JavaModifier.ABSTRACT)
            .and()
            .haveSimpleNameNotEndingWith("package-info")
            .should()
            .haveModifier(JavaModifier.FINAL)
            .orShould(have(describe("named heirs", type -> type.reflect().isSealed())))
            .because("what others may extend is an interface");

    /** Tests of another module that are shared come as a jar when modules are packaged. */
    static final class WithoutJarsOfTests implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("-tests.jar");
        }
    }
}
