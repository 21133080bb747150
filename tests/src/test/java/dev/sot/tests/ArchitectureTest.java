package dev.sot.tests;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption.DoNotIncludeTests;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.Console;
import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FileReader;
import java.io.FileWriter;
import java.io.RandomAccessFile;
import java.nio.channels.FileChannel;
import org.neo4j.procedure.Procedure;
import org.neo4j.procedure.UserAggregationFunction;
import org.neo4j.procedure.UserFunction;

/** Dependencies point one way: procedures to transport and import, and nothing points back. */
@AnalyzeClasses(packages = "dev.sot", importOptions = DoNotIncludeTests.class)
class ArchitectureTest {
    private static final String TRANSPORT = "dev.sot.transport..";
    private static final String FORMATS = "dev.sot.formats..";
    private static final String PROCEDURES = "dev.sot.procedures..";
    private static final String SERVER = "dev.sot.server..";
    private static final String BENCH = "dev.sot.server.bench..";
    private static final String NEO4J = "org.neo4j..";

    @ArchTest
    static final ArchRule transportIsMathematicsAlone =
            noClasses()
                    .that()
                    .resideInAPackage(TRANSPORT)
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(NEO4J, FORMATS, PROCEDURES, SERVER));

    @ArchTest
    static final ArchRule transportTouchesNoFiles =
            noClasses()
                    .that()
                    .resideInAPackage(TRANSPORT)
                    .should()
                    .dependOnClassesThat(
                            resideInAnyPackage("java.nio.file..")
                                    .or(JavaClass.Predicates.assignableTo(File.class))
                                    .or(JavaClass.Predicates.assignableTo(FileDescriptor.class))
                                    .or(JavaClass.Predicates.assignableTo(FileInputStream.class))
                                    .or(JavaClass.Predicates.assignableTo(FileOutputStream.class))
                                    .or(JavaClass.Predicates.assignableTo(FileReader.class))
                                    .or(JavaClass.Predicates.assignableTo(FileWriter.class))
                                    .or(JavaClass.Predicates.assignableTo(RandomAccessFile.class))
                                    .or(JavaClass.Predicates.assignableTo(FileChannel.class))
                                    .or(JavaClass.Predicates.assignableTo(Console.class)));

    @ArchTest
    static final ArchRule importIsFilesAlone =
            noClasses()
                    .that()
                    .resideInAPackage(FORMATS)
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(NEO4J, TRANSPORT, PROCEDURES, SERVER));

    @ArchTest
    static final ArchRule proceduresStandOnTransportAndImport =
            classes()
                    .that()
                    .resideInAPackage(PROCEDURES)
                    .should()
                    .onlyDependOnClassesThat(
                            resideInAnyPackage(
                                    "java..",
                                    "org.neo4j.graphdb..",
                                    "org.neo4j.procedure..",
                                    TRANSPORT,
                                    FORMATS,
                                    PROCEDURES));

    @ArchTest
    static final ArchRule serverKnowsThePluginAsAJarOnly =
            noClasses()
                    .that()
                    .resideInAPackage(SERVER)
                    .and()
                    .resideOutsideOfPackage(BENCH)
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(TRANSPORT, FORMATS, PROCEDURES));

    @ArchTest
    static final ArchRule benchmarksMeasureTransportWithoutADatabase =
            noClasses()
                    .that()
                    .resideInAPackage(BENCH)
                    .should()
                    .dependOnClassesThat(resideInAnyPackage(NEO4J, PROCEDURES));

    @ArchTest
    static final ArchRule proceduresAreDeclaredInClassesNamedSo =
            methods()
                    .that()
                    .areAnnotatedWith(Procedure.class)
                    .should()
                    .beDeclaredInClassesThat()
                    .haveSimpleNameEndingWith("Procedures");

    @ArchTest
    static final ArchRule functionsAreDeclaredInClassesNamedSo =
            methods()
                    .that()
                    .areAnnotatedWith(UserFunction.class)
                    .or()
                    .areAnnotatedWith(UserAggregationFunction.class)
                    .should()
                    .beDeclaredInClassesThat()
                    .haveSimpleNameEndingWith("Functions")
                    .allowEmptyShould(false);

    @ArchTest
    static final ArchRule onlyThePluginKnowsNeo4jsProcedures =
            noClasses()
                    .that(not(resideInAnyPackage(PROCEDURES)))
                    .should()
                    .dependOnClassesThat()
                    .resideInAPackage("org.neo4j.procedure..");
}
