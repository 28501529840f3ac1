import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { packageSchema } from "../../provider/schema/schema.ts";

// node tools/generate/schema.ts: writes provider/schema.json from the zod schemas.
const ROOT = join(import.meta.dirname, "../..");
const { version } = JSON.parse(readFileSync(join(ROOT, "package.json"), "utf8")) as { version: string };
writeFileSync(join(ROOT, "provider/schema.json"), `${JSON.stringify(packageSchema(version), null, 2)}\n`);
