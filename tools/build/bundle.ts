import { join } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";

export const ROOT = join(import.meta.dirname, "../..");
/** The script that starts the bundle `main.cjs` next to it, with a cache of Node's compiled code. */
export const START = "start.cjs";
/** The script that loads the library `library.cjs` next to it, with its compiled code. */
export const LOAD = "load.cjs";

/**
 * Parts that are left out of a bundle, by the package that imports them: no run uses them, and they are most of its
 * size.
 */
const UNUSED: readonly { of: string; modules: RegExp }[] = [
  // The automation API, and the code that packs closures and reads package trees.
  {
    of: "/@pulumi/pulumi/",
    modules:
      /^(@npmcli\/arborist|pacote|typescript|ts-node|read-package-tree|normalize-package-data|source-map-support|\.\/automation)$/,
  },
  // Error messages in fifty languages; the English ones have a separate file.
  { of: "/zod/", modules: /^\.\.\/locales\/index\.js$/ },
  // A class for each type of the Kubernetes API, and requests by fetch: this client only reads kubeconfigs.
  { of: "/@kubernetes/client-node/", modules: /^(\.\/gen\/index\.js|\.\/middleware\.js|undici)$/ },
  // Subcommands in separate executables.
  { of: "/commander/", modules: /^node:child_process$/ },
];
/**
 * The provider's server installs this when it starts. The bundle has no source map, and searching for one in each frame
 * costs more than writing a stack.
 */
const SOURCE_MAPS = "source-map-support";

/**
 * The files that replace a package. The ES modules of yaml share the bundle's scope; each of its CommonJS modules would
 * be a function that is called at the start.
 */
type Files = ReadonlyMap<string, string>;
export const YAML: Files = new Map([["yaml", "yaml/browser/dist/index.js"]]);
/** The client's index imports all of it; kubeconfigs are in one of its files. */
const FILES: Files = new Map([...YAML, ["@kubernetes/client-node", "@kubernetes/client-node/dist/config.js"]]);

export const withoutUnused = (files: Files): Plugin => ({
  name: "without-unused",
  setup(esbuild) {
    esbuild.onResolve({ filter: /.*/ }, ({ path, importer }) => {
      const file = files.get(path);
      if (file !== undefined) return { path: join(ROOT, "node_modules", file) };
      const unused = UNUSED.some(({ of, modules }) => importer.includes(of) && modules.test(path));
      return unused ? { path, namespace: "unused" } : undefined;
    });
    esbuild.onLoad({ filter: /.*/, namespace: "unused" }, ({ path }) => ({
      contents: path === SOURCE_MAPS ? "exports.install = () => {};" : "module.exports = {};",
    }));
  },
});

/** The code that reads clusters is loaded on use from a separate file, because most runs do not need it. */
const CLUSTER_FILE = "cluster.cjs";
const clusterBeside: Plugin = {
  name: "cluster-beside",
  setup(esbuild) {
    esbuild.onResolve({ filter: /^\.\/library\.ts$/ }, ({ importer }) =>
      importer === join(ROOT, "cluster/kubeconfig.ts") ? { path: `./${CLUSTER_FILE}`, external: true } : undefined,
    );
  },
};

/** Few runs need a hash, and Node loads its cryptography for 4 ms: it is loaded on use. */
const cryptoOnUse: Plugin = {
  name: "crypto-on-use",
  setup(esbuild) {
    const namespace = "crypto-on-use";
    esbuild.onResolve({ filter: /^node:crypto$/ }, ({ path, namespace: of }) =>
      of === namespace ? { path, external: true } : { path, namespace },
    );
    esbuild.onLoad({ filter: /.*/, namespace }, ({ path }) => ({
      contents: `export const createHash = (algorithm) => require("${path}").createHash(algorithm);`,
    }));
  },
};

export interface BundleOptions {
  /** Whether the code that reads clusters is in the same file instead of a separate one. */
  whole?: boolean;
  /**
   * Whether the program ends after one command, so that what it costs to load is most of what it costs: names stay as
   * they are written, without a call for each as the file is loaded, and Node's cryptography is loaded on use.
   */
  brief?: boolean;
}

/** One file for Node with everything that it needs; returns what is in it. */
export async function bundle(
  entry: string,
  outfile: string,
  { whole = false, brief = false }: BundleOptions = {},
): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    minifyWhitespace: true,
    minifySyntax: true,
    minifyIdentifiers: !brief,
    keepNames: !brief,
    legalComments: "linked",
    // The bundle must not depend on a tsconfig.json above some package.
    tsconfigRaw: {},
    define: { "import.meta.dirname": "__dirname" },
    plugins: [withoutUnused(FILES), ...(whole ? [] : [clusterBeside]), ...(brief ? [cryptoOnUse] : [])],
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}

/** The text of a script of this folder, with the others of this folder that it requires. */
export async function textOf(script: typeof START | typeof LOAD): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [join(import.meta.dirname, script)],
    bundle: true,
    write: false,
    platform: "node",
    target: "node22",
    format: "cjs",
    external: ["./library.cjs"],
    tsconfigRaw: {},
    logLevel: "warning",
  });
  return outputFiles.map(({ text }) => text).join("");
}

/** The part that reads clusters, in the folder of a bundle. */
export function bundleCluster(folder: string): Promise<Metafile> {
  return bundle(join(ROOT, "cluster/library.ts"), join(folder, CLUSTER_FILE));
}
