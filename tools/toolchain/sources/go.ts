import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { isAtLeast } from "../version.ts";

/** The Go version that the newest of the modules requires. */
const OLDEST = "1.26.6";
/** From here on Go downloads the newer Go that a module requires, unless GOTOOLCHAIN forbids it. */
const FETCHES_ITSELF = "1.21.0";

export interface Go {
  version: string;
  /** Go's own setting: `auto`, `local` … */
  toolchain: string;
}

/** Go on PATH, or undefined. */
export function findGo(env: NodeJS.ProcessEnv = process.env): Go | undefined {
  // It is run outside of any module, so that it reports its own version and downloads nothing.
  const { status, stdout } = spawnSync("go", ["env", "GOVERSION", "GOTOOLCHAIN"], {
    cwd: tmpdir(),
    encoding: "utf8",
    timeout: 20_000,
    env: { ...env, GOWORK: "off" },
  });
  if (status !== 0) return undefined;
  const [version = "", toolchain = ""] = stdout.trim().split("\n");
  return { version: version.replace(/^go/, ""), toolchain };
}

const INSTALL = `Install one of them, then run this again:
  - the Pulumi CLI: see "Download & install Pulumi" in Pulumi's documentation, or
  - Go ${OLDEST} or newer, which builds the tools from their modules: see "Download and install" in Go's documentation.`;

/** Why `go` cannot build the tools, with the fix; undefined if it can. */
export function goProblem(go: Go | undefined): string | undefined {
  if (go === undefined)
    return `The tools are not installed and cannot be downloaded, and Go is not installed. ${INSTALL}`;
  if (isAtLeast(go.version, OLDEST)) return undefined;
  if (isAtLeast(go.version, FETCHES_ITSELF) && !go.toolchain.startsWith("local")) return undefined;
  return `The tools are not installed and cannot be downloaded, and Go ${go.version} is too old to build them. ${INSTALL}`;
}

/** Garbage is collected when a compile holds three times what it uses, and not twice as Go has it: that takes a tenth less. */
const COLLECT_AT = "200";

/** Settings of `go build`: as pinned, whatever the user's own settings and workspaces are. */
export function goEnvironment(scratch: { build: string; modules: string } | undefined): NodeJS.ProcessEnv {
  return {
    ...process.env,
    GOFLAGS: "-mod=readonly -modcacherw -buildvcs=false",
    GOWORK: "off",
    CGO_ENABLED: "0",
    GOGC: process.env["GOGC"] ?? COLLECT_AT,
    ...(scratch !== undefined && { GOCACHE: scratch.build, GOMODCACHE: scratch.modules }),
  };
}
