import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { argumentsFile, TARGET } from "./arguments.ts";
import { dashboardPictures } from "./dashboards.ts";
import { DOCUMENT_SCHEMA, documentSchemaFile } from "./documents.ts";
import { OPTIONS_PAGE, optionsPage } from "./options.ts";
import { REFERENCE, referencePages } from "./reference.ts";
import { REFUSED_PAGE, refusedPage } from "./refused.ts";
import "./schema.ts";
import { SPECS_FILE, specsFile } from "./specs.ts";
import { STACKS_PAGE, stacksPage } from "./stacks.ts";
import { pagesWithTables } from "./tables.ts";

// node tools/generate/all.ts: writes everything that is generated from the schemas of the arguments, and from the
// releases of the stack.
writeFileSync(TARGET, argumentsFile());
writeFileSync(OPTIONS_PAGE, optionsPage());
writeFileSync(DOCUMENT_SCHEMA, documentSchemaFile());
writeFileSync(STACKS_PAGE, stacksPage());
writeFileSync(SPECS_FILE, specsFile());
writeFileSync(REFUSED_PAGE, refusedPage());
const others = { ...dashboardPictures(), ...pagesWithTables() };
for (const [file, text] of Object.entries(others)) writeFileSync(file, text);

rmSync(REFERENCE, { recursive: true, force: true });
mkdirSync(REFERENCE);
for (const [name, text] of Object.entries(referencePages())) writeFileSync(join(REFERENCE, name), text);
