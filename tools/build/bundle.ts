import { join } from "node:path";
import { build, type Metafile, type Plugin } from "esbuild";

export const ROOT = join(import.meta.dirname, "../..");
/** What starts the bundle `main.cjs` beside it, with a cache of what Node compiles. */
export const START = join(import.meta.dirname, "start.cjs");

/**
 * What is left out of a bundle, by the package that asks for it: parts that no run comes to use, and that are most of
 * its weight.
 */
const UNUSED: readonly { of: string; modules: RegExp }[] = [
  // The automation API, and what packs closures and reads package trees.
  {
    of: "/@pulumi/pulumi/",
    modules:
      /^(@npmcli\/arborist|pacote|typescript|ts-node|read-package-tree|normalize-package-data|source-map-support|\.\/automation)$/,
  },
  // Error messages in fifty languages; the English ones have a file of their own.
  { of: "/zod/", modules: /^\.\.\/locales\/index\.js$/ },
  // A class for each type of the Kubernetes API, and requests by fetch: only kubeconfigs are read with this client.
  { of: "/@kubernetes/client-node/", modules: /^(\.\/gen\/index\.js|\.\/middleware\.js|undici)$/ },
  // Subcommands that are executables of their own.
  { of: "/commander/", modules: /^node:child_process$/ },
];
/** What the provider's server installs as it starts. The bundle has no source map, and to look for one in each frame costs more than to write a stack. */
const SOURCE_MAPS = "source-map-support";

/**
 * The files that stand for a package. The ES modules of yaml become a part of the bundle's one scope; each of its CommonJS modules would
 * be a function that is called at the start.
 */
type Files = ReadonlyMap<string, string>;
export const YAML: Files = new Map([["yaml", "yaml/browser/dist/index.js"]]);
/** The client's index has all of it; kubeconfigs are one of its files. */
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

/** What reads clusters is loaded on use only, from a file beside: most runs do without. */
const CLUSTER_FILE = "cluster.cjs";
const clusterBeside: Plugin = {
  name: "cluster-beside",
  setup(esbuild) {
    esbuild.onResolve({ filter: /^\.\/library\.ts$/ }, ({ importer }) =>
      importer === join(ROOT, "cluster/kubeconfig.ts") ? { path: `./${CLUSTER_FILE}`, external: true } : undefined,
    );
  },
};

export interface BundleOptions {
  /** Whether what reads clusters is in the file too, and not in one beside. */
  whole?: boolean;
}

/** One file that Node runs, with all that it needs; returns what is in it. */
export async function bundle(entry: string, outfile: string, { whole = false }: BundleOptions = {}): Promise<Metafile> {
  const { metafile } = await build({
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: "node",
    target: "node22",
    format: "cjs",
    minify: true,
    keepNames: true,
    legalComments: "linked",
    // What is bundled must not depend on a tsconfig.json that lies above some package.
    tsconfigRaw: {},
    define: { "import.meta.dirname": "__dirname" },
    plugins: whole ? [withoutUnused(FILES)] : [withoutUnused(FILES), clusterBeside],
    metafile: true,
    logLevel: "warning",
  });
  return metafile;
}

/** The part that reads clusters, in the folder of a bundle. */
export function bundleCluster(folder: string): Promise<Metafile> {
  return bundle(join(ROOT, "cluster/library.ts"), join(folder, CLUSTER_FILE));
}
