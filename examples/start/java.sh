#!/bin/sh
# A first project in Java, in an empty folder, from the files of a release.
# Needs: the Pulumi CLI, logged in; a JDK (11 or later) and Maven. RELEASE is the folder with the files of the release, TARGET names this machine.
set -eu
version=0.1.0

pulumi plugin install resource kserve-llm "v$version" \
  --file "$RELEASE/pulumi-resource-kserve-llm-v$version-${TARGET:-linux-amd64}.tar.gz"

# The jar brings its pom.xml, and by it com.pulumi:pulumi and com.pulumi:kubernetes. Older install plugins do not look for it.
mvn --quiet --batch-mode org.apache.maven.plugins:maven-install-plugin:3.1.4:install-file \
  -Dfile="$RELEASE/kserve-llm-$version.jar"

cat > Pulumi.yaml <<'END'
name: first
runtime: java
END

cat > pom.xml <<'END'
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>first</groupId>
  <artifactId>first</artifactId>
  <version>1.0.0</version>
  <properties>
    <maven.compiler.release>11</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
    <!-- Pulumi sets them, to ask the program for its plugins. -->
    <mainClass>first.App</mainClass>
    <mainArgs/>
  </properties>
  <dependencies>
    <dependency>
      <groupId>com.pulumi</groupId>
      <artifactId>kserve-llm</artifactId>
      <version>0.1.0</version>
    </dependency>
  </dependencies>
  <build>
    <plugins>
      <plugin>
        <groupId>org.apache.maven.plugins</groupId>
        <artifactId>maven-compiler-plugin</artifactId>
        <version>3.13.0</version>
      </plugin>
      <plugin>
        <groupId>org.codehaus.mojo</groupId>
        <artifactId>exec-maven-plugin</artifactId>
        <version>3.5.0</version>
        <configuration>
          <mainClass>${mainClass}</mainClass>
          <commandlineArgs>${mainArgs}</commandlineArgs>
        </configuration>
      </plugin>
    </plugins>
  </build>
</project>
END

mkdir -p src/main/java/first
cat > src/main/java/first/App.java <<'END'
package first;

import com.pulumi.Pulumi;
import com.pulumi.kservellm.LLMInferenceService;
import com.pulumi.kservellm.LLMInferenceServiceArgs;
import com.pulumi.kservellm.Platform;
import com.pulumi.kservellm.PlatformArgs;
import com.pulumi.kservellm.inputs.ModelArgs;
import com.pulumi.kubernetes.Provider;
import com.pulumi.kubernetes.ProviderArgs;
import com.pulumi.resources.ComponentResourceOptions;

public class App {
    public static void main(String[] args) {
        Pulumi.run(context -> {
            var provider = new Provider("provider", ProviderArgs.builder().renderYamlToDirectory("rendered").build());
            var options = ComponentResourceOptions.builder().providers(provider).build();
            var platform = new Platform("platform", PlatformArgs.Empty, options);
            var chat = new LLMInferenceService("chat", LLMInferenceServiceArgs.builder()
                .platform(platform.bundle())
                .model(ModelArgs.builder().uri("hf://Qwen/Qwen2.5-7B-Instruct").build())
                .accelerator("nvidia-l4")
                .build(), options);
            context.export("url", chat.url());
        });
    }
}
END

pulumi stack init dev
pulumi up --yes
