import { ensureToolchain, ToolchainError } from "../toolchain/ensure.ts";
import { generateSdks, LANGUAGES, SDK } from "./generate.ts";

// npm run sdk: generates the SDKs into sdk/.
try {
  const { env } = await ensureToolchain({ groups: ["sdk"], log: (line) => void process.stderr.write(`${line}\n`) });
  await generateSdks({ ...process.env, ...env });
  process.stdout.write(`Generated ${LANGUAGES.join(", ")} into ${SDK}.\n`);
} catch (error) {
  if (!(error instanceof ToolchainError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}
