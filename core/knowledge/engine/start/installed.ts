import { releaseOfImage } from "../images.ts";
import { commandsOf, rawText } from "./shellscript.ts";
import { type Startable, scriptAt } from "./start.ts";

/**
 * The release of vLLM that a container runs: the one that its script installs with pip or uv, or else the image's.
 * Undefined if it is not known: the script installs the newest release, a wheel or a checkout, or it installs into an
 * environment that may not be the engine's.
 */
export function releaseOfContainer(container: Startable): string | undefined {
  const installed = installedBy(scriptOf(container)).at(-1);
  return installed === undefined ? releaseOfImage(container.image ?? "") : installed.release;
}

/** Whether a container's script installs vLLM, whatever the release. */
export function installsVllm(container: Startable): boolean {
  return installedBy(scriptOf(container)).length > 0;
}

interface Installed {
  /** Undefined if pip chooses the release. */
  release?: string;
}

function scriptOf({ command = [], args = [] }: Startable): string {
  const argv = [...command, ...args].map(String);
  const at = scriptAt(argv);
  return at === undefined ? "" : (argv[at] ?? "");
}

const INSTALLER = /^(?:.*\/)?(?:pip[\d.]*|uv)$/;
/** Programs of the environment that the images of vLLM start the engine from. */
const OF_IMAGE = /^(?:\/usr\/bin\/|\/usr\/local\/bin\/|\/opt\/venv\/bin\/)?[^/]+$/;
const PROGRAM = /^(?:.*\/)?(?:pip|uv|python)[\d.]*$/;
/** Options that let pip or uv install into another environment, and the tools of uv, which have one each. */
const ELSEWHERE = /^(?:(?:--target|--prefix|--python|--root)(?:=|$)|-[tp]|tool$)/;
/** Words of a command that makes another environment or enters it. */
const ENVIRONMENT = /^(?:venv|virtualenv|(?:.*\/)?activate)$/;
/** Options that let pip replace a package that the image has. */
const REPLACES = /^(?:-U|--upgrade|--force-reinstall|--pre|--reinstall|--reinstall-package)(?:=|$)/;
/** `vllm`, `vllm[audio]`, `vllm==0.10.2`: the name and extras, and what is asked of the release. */
const REQUIREMENT = /^vllm(?:\[[^\]]*\])?([<>=!~@;].*)?$/i;
const PINNED = /^==(\d[\w.+]*)$/;
/** The wheel, the archive or the checkout of vLLM. */
const SOURCE = /(?:^|[/+])vllm(?:-\d|@|#|\.git|$)/i;

/** What each install of vLLM in a script leaves. An image that has vLLM keeps it where no release is asked of pip. */
function installedBy(script: string): Installed[] {
  if (!script.includes("install")) return [];
  let isOther = false;
  return commandsOf(script).flatMap(({ words }): Installed[] => {
    const texts = words.map(rawText);
    isOther ||= texts.some((word) => ENVIRONMENT.test(word));
    const at = texts.indexOf("install");
    if (at < 1 || !texts.slice(0, at).some((word) => INSTALLER.test(word))) return [];
    const rest = texts.slice(at + 1);
    const isElsewhere =
      isOther ||
      texts.some((word, i) => ELSEWHERE.test(word) || (i < at && PROGRAM.test(word) && !OF_IMAGE.test(word)));
    const replaces = isElsewhere || rest.some((word) => REPLACES.test(word));
    return rest.flatMap((word): Installed[] => {
      const requirement = REQUIREMENT.exec(word.replaceAll(" ", ""));
      if (requirement === null) return SOURCE.test(word) && !word.startsWith("-") ? [{}] : [];
      const asked = requirement[1] ?? "";
      const release = PINNED.exec(asked)?.[1];
      if (release !== undefined && !isElsewhere) return [{ release }];
      return asked === "" && !replaces ? [] : [{}];
    });
  });
}
