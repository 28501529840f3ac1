import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { call } from "./cli.ts";

/** The text of a file after `validate --fix`, and the output of that. */
export async function fixed(
  text: string,
  name = "chat.yaml",
): Promise<{ after: string; out: string; err: string; code: number | null }> {
  const folder = mkdtempSync(join(tmpdir(), "kserve-llm-fix-"));
  const file = join(folder, name);
  try {
    writeFileSync(file, text);
    const { code, out, err } = await call(["validate", "--fix", "-f", file]);
    const short = (lines: string): string => lines.replaceAll(`${folder}/`, "");
    return { after: readFileSync(file, "utf8"), out: short(out), err: short(err), code };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The beginning of a service. */
export const HEAD = `apiVersion: serving.kserve.io/v1alpha2
kind: LLMInferenceService
metadata: {name: chat, namespace: team}   # ours
`;
