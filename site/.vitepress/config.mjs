import { dirname, posix } from "node:path";
import { defineConfig } from "vitepress";

const REPOSITORY = "https://github.com/pulumi-kserve-llm/pulumi-kserve-llm";

/** Files of the repository that are not pages: a link to one leads to the repository. */
function leadOut(md) {
  const inside = (env) => env.relativePath ?? "";
  md.core.ruler.push("lead-out", ({ tokens, env }) => {
    for (const token of tokens.flatMap((one) => one.children ?? [])) {
      const href = token.type === "link_open" ? token.attrGet("href") : null;
      if (href === null || /^([a-z]+:|#|\/)/.test(href)) continue;
      const target = posix.join("docs", dirname(inside(env)), href);
      const isPage = target.startsWith("docs/") && !target.startsWith("docs/_index");
      if (!isPage) token.attrSet("href", `${REPOSITORY}/blob/main/${target}`);
    }
  });
}

/** Vue reads two braces in a page as code; in our pages they are Go's templates. */
function keepBraces(md) {
  for (const rule of ["text", "code_inline"]) {
    const render = md.renderer.rules[rule];
    md.renderer.rules[rule] = (...args) => render(...args).replaceAll("{{", "&#123;&#123;");
  }
}

const pages = (entries) => entries.map(([text, link]) => ({ text, link: `/${link}` }));

export default defineConfig({
  title: "KServe LLM",
  description: "Large language models on Kubernetes as a Pulumi component: no controller, and a preview to trust.",
  base: process.env.SITE_BASE ?? "/",
  srcDir: "pages",
  srcExclude: ["_index.md"],
  cleanUrls: false,
  markdown: {
    config: (md) => {
      leadOut(md);
      keepBraces(md);
    },
  },
  vite: { publicDir: false },
  themeConfig: {
    search: { provider: "local" },
    outline: [2, 3],
    socialLinks: [{ icon: "github", link: REPOSITORY }],
    nav: pages([
      ["Start", "getting-started"],
      ["Recipes", "recipes/README"],
      ["Reference", "reference/README"],
    ]),
    sidebar: [
      {
        text: "Start",
        items: pages([
          ["Getting started", "getting-started"],
          ["Concepts", "concepts"],
          ["Languages", "languages"],
          ["Installation", "installation-configuration"],
          ["Limits", "limits"],
          ["Glossary", "glossary"],
        ]),
      },
      {
        text: "Recipes",
        items: pages([
          ["All recipes", "recipes/README"],
          ["Amazon EKS", "recipes/eks"],
          ["Google GKE", "recipes/gke"],
          ["Azure AKS", "recipes/aks"],
          ["OpenShift", "recipes/openshift"],
          ["Air-gapped", "recipes/air-gapped"],
          ["Private registries", "recipes/private-registries"],
          ["LoRA adapters", "recipes/lora"],
          ["KV cache offloading", "recipes/kv-offload"],
          ["Several kinds of accelerators", "recipes/replica-groups"],
          ["Canary by weights", "recipes/canary"],
          ["Scale to zero", "recipes/scale-to-zero"],
          ["From KServe", "recipes/from-kserve"],
          ["From llm-d's charts", "recipes/from-llm-d"],
          ["From production-stack", "recipes/from-production-stack"],
        ]),
      },
      {
        text: "Run",
        items: pages([
          ["Operations", "operations"],
          ["Dashboards and alerts", "observability"],
          ["Permissions", "permissions"],
          ["Policies", "policies"],
          ["Taking over from KServe", "import"],
          ["My service was refused", "refused"],
          ["Command line", "cli"],
          ["Demonstration", "demo"],
        ]),
      },
      {
        text: "Reference",
        items: pages([
          ["Overview", "reference/README"],
          ["Components", "reference/components"],
          ["Functions", "reference/functions"],
          ["Types", "reference/types"],
          ["Issue codes", "reference/codes"],
          ["Options", "options"],
          ["Checks", "checks"],
          ["Stacks", "stacks"],
          ["Engines", "engines"],
          ["Differences from KServe", "kserve-differences"],
          ["Releases", "releases"],
        ]),
      },
      {
        text: "Inside",
        items: pages([
          ["Design", "design"],
          ["Benchmarks", "benchmarks"],
          ["Benchmarks: all values", "benchmarks-table"],
          ["Fault injection", "faults"],
          ["Dependencies", "dependencies"],
        ]),
      },
    ],
  },
});
