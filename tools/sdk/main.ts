import { ensureToolchain, ToolchainError } from "../toolchain/ensure.ts";
import { generateSdks, LANGUAGES, SDK } from "./generate.ts";

// npm run sdk [-- LANGUAGE…]: generates the SDKs into sdk/, by default for all languages.
const named = process.argv.slice(2);
const languages = LANGUAGES.filter((language) => named.length === 0 || named.includes(language));
try {
  const unknown = named.filter((name) => !languages.some((language) => language === name));
  if (unknown.length > 0) {
    throw new ToolchainError(`${unknown.join(", ")}: there are generators for ${LANGUAGES.join(", ")}`);
  }
  const { env } = await ensureToolchain({ groups: ["sdk"], log: (line) => void process.stderr.write(`${line}\n`) });
  await generateSdks({ ...process.env, ...env }, SDK, languages);
  process.stdout.write(`Generated ${languages.join(", ")} into ${SDK}.\n`);
} catch (error) {
  if (!(error instanceof ToolchainError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
