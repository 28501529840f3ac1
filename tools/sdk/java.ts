import { spawnSync } from "node:child_process";
import { copyFileSync, globSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { DOWNLOAD_URL, PUBLISHER, REPOSITORY } from "../../provider/schema/home.ts";
import { LANGUAGE } from "../../provider/schema/language.ts";
import { cacheRoot } from "../toolchain/cache.ts";
import { run } from "../toolchain/processes/run.ts";

const NAME = "kserve-llm";
const GROUP = LANGUAGE.java.basePackage;
/** The oldest Java that Pulumi's own packages run on. */
const RELEASE = 11;
/** The newest release of each that Maven 3.6 can run. With these the jar's bytes only depend on its contents. */
const BUILD_PLUGINS = {
  "maven-resources-plugin": "3.3.1",
  "maven-compiler-plugin": "3.13.0",
  "maven-jar-plugin": "3.4.2",
} as const;

/** Generated code uses `Nullable`; Pulumi's package only provides it at run time. */
const ANNOTATIONS = { "com.google.code.findbugs:jsr305": "3.0.2" } as const;

/** Why this machine cannot build Java; undefined if it can. */
export function javaProblem(): string | undefined {
  const missing = ["javac", "mvn"].filter((command) => spawnSync(command, ["-version"]).status !== 0);
  if (missing.length === 0) return undefined;
  return `${missing.join(" and ")} cannot be run: install a JDK (${RELEASE} or later) and Maven`;
}

/** The file that `packJava` makes. */
export function javaArchive(version: string): string {
  return `${NAME}-${version}.jar`;
}

/** Completes the generated files: a project of Maven, and the resource by which Pulumi finds the plugin of the SDK. */
export function completeJava(folder: string, version: string): void {
  writeFileSync(join(folder, "pom.xml"), pom(version));
  const [file] = globSync(join(folder, "src/main/resources/**/version.txt"));
  if (file === undefined) throw new Error(`the Java SDK in ${folder} has no version.txt`);
  const plugin = { resource: true, name: NAME, version, server: DOWNLOAD_URL };
  writeFileSync(join(dirname(file), "plugin.json"), `${JSON.stringify(plugin, null, 2)}\n`);
}

/** Compiles the Java SDK of a folder and puts its jar, which contains its pom.xml, into another one. */
export async function packJava(folder: string, target: string): Promise<void> {
  await maven(["package"], folder);
  const [jar = ""] = globSync(join(folder, "target/*.jar"));
  copyFileSync(jar, join(target, basename(jar)));
}

/** Puts the SDK that `packJava` has compiled in a folder into a repository, as `mvn install` does after the same build. */
export function installJava(folder: string, repository: string): void {
  const [jar = ""] = globSync(join(folder, "target/*.jar"));
  const name = basename(jar, ".jar");
  const place = join(repository, ...GROUP.split("."), NAME, name.slice(`${NAME}-`.length));
  mkdirSync(place, { recursive: true });
  copyFileSync(jar, join(place, `${name}.jar`));
  copyFileSync(join(folder, "pom.xml"), join(place, `${name}.pom`));
}

/** Runs Maven; what it downloads is kept in the cache of the project. */
async function maven(args: readonly string[], cwd: string): Promise<void> {
  const env = mavenEnvironment();
  // Maven writes its errors to standard output.
  await run("sh", ["-c", 'exec mvn "$@" >&2', "mvn", "--quiet", "--batch-mode", ...args], { cwd, env });
}

/**
 * A short run of Maven ends before the second compiler pays off: without it, the SDK takes a third of the processor
 * time.
 */
const SHORT_RUN = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC";

/**
 * The folder of Maven's downloads, set by the environment, so that it also applies to the Maven that a language host
 * starts.
 */
export function mavenEnvironment(repository: string = mavenCache()): NodeJS.ProcessEnv {
  const given = process.env["MAVEN_OPTS"] ?? "";
  return { ...process.env, MAVEN_OPTS: `${SHORT_RUN} ${given} -Dmaven.repo.local=${repository}` };
}

/**
 * Makes a repository in which the SDK can be installed: Maven's downloads go to the cache of the project, but the SDK
 * only to the folder, so that parallel tests do not share it.
 */
export function mavenRepository(folder: string): string {
  const group = GROUP.split(".");
  for (const depth of [0, 1, 2]) {
    const [from, to] = [join(mavenCache(), ...group.slice(0, depth)), join(folder, ...group.slice(0, depth))];
    for (const path of [from, to]) mkdirSync(path, { recursive: true });
    for (const name of readdirSync(from)) {
      if (name !== (group[depth] ?? NAME)) symlinkSync(join(from, name), join(to, name));
    }
  }
  return folder;
}

function mavenCache(): string {
  return join(cacheRoot(), "maven");
}

function pom(version: string): string {
  const dependencies = Object.entries({ ...LANGUAGE.java.dependencies, ...ANNOTATIONS }).map(([name, wanted]) => {
    const [group = "", artifact = ""] = name.split(":");
    return `<dependency>${coordinates(group, artifact, wanted)}</dependency>`;
  });
  const plugins = Object.entries(BUILD_PLUGINS).map(
    ([name, wanted]) => `<plugin>${coordinates("org.apache.maven.plugins", name, wanted)}</plugin>`,
  );
  return `<?xml version="1.0" encoding="UTF-8"?>
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  ${coordinates(GROUP, NAME, version)}
  <name>${NAME}</name>
  <description>KServe's LLMInferenceService for Pulumi: the SDK of the component provider</description>
  <url>${REPOSITORY}</url>
  <licenses><license><name>Apache-2.0</name></license></licenses>
  <developers><developer><name>${PUBLISHER}</name></developer></developers>
  <scm><url>${REPOSITORY}</url></scm>
  <properties>
    <maven.compiler.release>${RELEASE}</maven.compiler.release>
    <project.build.sourceEncoding>UTF-8</project.build.sourceEncoding>
    <project.build.outputTimestamp>1980-02-01T00:00:00Z</project.build.outputTimestamp>
  </properties>
  <dependencies>
    ${dependencies.join("\n    ")}
  </dependencies>
  <build><plugins>
    ${plugins.join("\n    ")}
  </plugins></build>
</project>
`;
}

function coordinates(group: string, artifact: string, version: string): string {
  return `<groupId>${group}</groupId><artifactId>${artifact}</artifactId><version>${version}</version>`;
}
