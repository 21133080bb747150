package dev.sot.tests;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.assertj.core.api.SoftAssertions;
import org.junit.jupiter.api.Test;

/** The one jar that users copy into the plugin directory of their server. */
class PluginJarTest {
    private static final int JAVA_17 = 61;
    private static final int CLASS_FILE = 0xCAFEBABE;

    @Test
    void everyClassIsInsideOurPackagesSoThatNoneShadowsOneOfTheServer() throws IOException {
        try (ZipFile jar = open()) {
            assertThat(classes(jar))
                    .extracting(ZipEntry::getName)
                    .contains("dev/sot/procedures/meta/MetaProcedures.class")
                    .allMatch(name -> name.startsWith("dev/sot/"))
                    .noneMatch(name -> name.contains("org/neo4j/"));
        }
    }

    @Test
    void ourClassesAreOfJava17AndNoOthersAreOfALaterOne() throws IOException {
        SoftAssertions softly = new SoftAssertions();
        try (ZipFile jar = open()) {
            for (ZipEntry entry : classes(jar)) {
                try (DataInputStream bytes = new DataInputStream(jar.getInputStream(entry))) {
                    softly.assertThat(bytes.readInt()).as(entry.getName()).isEqualTo(CLASS_FILE);
                    bytes.readUnsignedShort();
                    boolean shaded = entry.getName().startsWith("dev/sot/shaded/");
                    softly.assertThat(bytes.readUnsignedShort())
                            .as("class file version of %s", entry.getName())
                            .isBetween(shaded ? 0 : JAVA_17, JAVA_17);
                }
            }
        }
        softly.assertAll();
    }

    @Test
    void licencesTravelWithTheJar() throws IOException {
        try (ZipFile jar = open()) {
            assertThat(text(jar, "META-INF/LICENSE"))
                    .isEqualTo(Files.readString(Sot.ROOT.resolve("LICENSE")));
            assertThat(text(jar, "META-INF/NOTICE")).contains("Jackson");
        }
    }

    @Test
    void theJarCarriesTheSchemaAndItsVersion() throws IOException {
        try (ZipFile jar = open()) {
            assertThat(text(jar, "sot/cypher/schema.cypher"))
                    .isEqualTo(Files.readString(Sot.ROOT.resolve("cypher/schema.cypher")));
            assertThat(text(jar, "sot/version.properties")).doesNotContain("${");
        }
    }

    @Test
    void theJarIsSmallAndHoldsNothingOfTheOptionalBackend() throws IOException {
        assertThat(Files.size(Sot.jar("procedures", "sot-neo4j-*.jar"))).isLessThan(15L << 20);
        try (ZipFile jar = open()) {
            assertThat(jar.stream().map(ZipEntry::getName))
                    .noneMatch(name -> name.contains("nd4j") || name.contains("openblas"));
        }
    }

    @Test
    void theJarOfTheBackendShowsNeo4jNothingButItsOwnClasses() throws IOException {
        try (ZipFile jar = new ZipFile(Sot.jar("nd4j", "sot-nd4j-*.jar").toFile())) {
            assertThat(classes(jar))
                    .extracting(ZipEntry::getName)
                    .contains("dev/sot/nd4j/Nd4jLinearAlgebra.class")
                    .allMatch(name -> name.startsWith("dev/sot/nd4j/"))
                    .noneMatch(name -> name.startsWith("dev/sot/nd4j/products/"));
            assertThat(text(jar, "META-INF/LICENSE"))
                    .isEqualTo(Files.readString(Sot.ROOT.resolve("LICENSE")));
            assertThat(text(jar, "META-INF/NOTICE")).contains("ND4J", "OpenBLAS", "libgomp");
        }
    }

    private static ZipFile open() throws IOException {
        return new ZipFile(Sot.jar("procedures", "sot-neo4j-*.jar").toFile());
    }

    private static List<? extends ZipEntry> classes(ZipFile jar) {
        return jar.stream().filter(entry -> entry.getName().endsWith(".class")).toList();
    }

    private static String text(ZipFile jar, String name) throws IOException {
        ZipEntry entry = jar.getEntry(name);
        assertThat(entry).as(name).isNotNull();
        return new String(jar.getInputStream(entry).readAllBytes());
    }
}
