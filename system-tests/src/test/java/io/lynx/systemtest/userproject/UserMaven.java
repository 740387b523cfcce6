package io.lynx.systemtest.userproject;

import static org.assertj.core.api.Assertions.assertThat;

import io.lynx.systemtest.dist.Repository;
import io.lynx.systemtest.process.Command;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Maven as on a user's machine: its local repository is empty, and Lynx comes from a distribution alone. What others have released
 * is taken from this machine's repository if it is there, so that it is not downloaded again.
 */
final class UserMaven {
    static final Path ROOT = Objects.requireNonNull(Path.of("").toAbsolutePath().getParent());

    private final Path folder;

    private UserMaven(Path folder) {
        this.folder = folder;
    }

    /** Creates one that keeps its files in {@code folder}; the distribution is made from what the build has packaged. */
    static UserMaven in(Path folder) throws IOException {
        UserMaven maven = new UserMaven(folder);
        Repository.publish(ROOT, maven.distribution());
        Files.writeString(folder.resolve("settings.xml"), maven.settings());
        return maven;
    }

    /** The repository that Lynx comes from. */
    Path distribution() {
        return folder.resolve("dist");
    }

    /** Runs goals in a project, and fails with Maven's output if Maven does. */
    String run(Path project, Duration atMost, String... goals) throws InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                "env",
                "JAVA_HOME=" + System.getProperty("java.home"),
                "MAVEN_OPTS=-XX:TieredStopAtLevel=1",
                "mvn",
                "-B",
                "-ntp",
                "-s",
                folder.resolve("settings.xml").toString(),
                "-Dmaven.repo.local=" + folder.resolve("repository")));
        command.addAll(List.of(goals));
        Command.Result result = Command.run(project, atMost, command);
        assertThat(result.isSuccess()).as(result.output()).isTrue();
        return result.output();
    }

    private String settings() {
        String machine = Path.of(Objects.requireNonNull(System.getProperty("user.home")), ".m2/repository")
                .toUri()
                .toString();
        return """
            <settings>
                <profiles>
                    <profile>
                        <id>user</id>
                        <repositories>
                            <repository>
                                <id>dist</id>
                                <url>%1$s</url>
                            </repository>
                            <repository>
                                <id>machine</id>
                                <url>%2$s</url>
                                <releases><checksumPolicy>ignore</checksumPolicy></releases>
                                <snapshots><enabled>false</enabled></snapshots>
                            </repository>
                        </repositories>
                        <pluginRepositories>
                            <pluginRepository>
                                <id>machine</id>
                                <url>%2$s</url>
                                <releases><checksumPolicy>ignore</checksumPolicy></releases>
                                <snapshots><enabled>false</enabled></snapshots>
                            </pluginRepository>
                        </pluginRepositories>
                    </profile>
                </profiles>
                <activeProfiles><activeProfile>user</activeProfile></activeProfiles>
            </settings>
            """.formatted(distribution().toUri(), machine);
    }
}
