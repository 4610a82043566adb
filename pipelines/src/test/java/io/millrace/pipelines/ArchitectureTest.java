package io.millrace.pipelines;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

/** The arrows between modules and packages: schemas, transforms, pipelines, runners, one way. */
@AnalyzeClasses(packages = "io.millrace", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {

  private static final String MILLRACE = "io.millrace..";
  private static final String SCHEMAS = "io.millrace.schemas..";
  private static final String TRANSFORMS = "io.millrace.transforms..";
  private static final String PIPELINES = "io.millrace.pipelines..";
  private static final String TESTDATA = "io.millrace.testdata..";

  @ArchTest static final ArchRule schemasStandAlone = dependsOnlyOn(SCHEMAS);

  @ArchTest static final ArchRule transformsUseSchemas = dependsOnlyOn(TRANSFORMS, SCHEMAS);

  @ArchTest
  static final ArchRule pipelinesUseTransforms = dependsOnlyOn(PIPELINES, TRANSFORMS, SCHEMAS);

  @ArchTest static final ArchRule testdataUsesSchemas = dependsOnlyOn(TESTDATA, SCHEMAS);

  @ArchTest
  static final ArchRule nothingNamesARunner =
      noClasses()
          .that()
          .resideInAPackage(MILLRACE)
          .should()
          .dependOnClassesThat()
          .resideInAPackage("org.apache.beam.runners..")
          .because("the same code runs on every runner");

  @ArchTest
  static final ArchRule transformPackagesHaveNoCycles =
      slices().matching("io.millrace.transforms.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule pipelinePackagesHaveNoCycles =
      slices().matching("io.millrace.pipelines.(*)..").should().beFreeOfCycles();

  @ArchTest
  static final ArchRule schemaPackagesHaveNoCycles =
      slices().matching("io.millrace.schemas.(*)..").should().beFreeOfCycles();

  private static ArchRule dependsOnlyOn(String... packages) {
    return classes()
        .that()
        .resideInAPackage(packages[0])
        .should()
        .onlyDependOnClassesThat(resideOutsideOfPackage(MILLRACE).or(resideInAnyPackage(packages)));
  }
}
