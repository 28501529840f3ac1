import { writeFileSync } from "node:fs";
import { argumentsFile, TARGET } from "./arguments.ts";
import { DOCUMENT_SCHEMA, documentSchemaFile } from "./documents.ts";
import { OPTIONS_PAGE, optionsPage } from "./options.ts";
import "./schema.ts";
import { STACKS_PAGE, stacksPage } from "./stacks.ts";

// node tools/generate/all.ts: writes all that the schemas of the arguments, and the releases of the stack, describe.
writeFileSync(TARGET, argumentsFile());
writeFileSync(OPTIONS_PAGE, optionsPage());
writeFileSync(DOCUMENT_SCHEMA, documentSchemaFile());
writeFileSync(STACKS_PAGE, stacksPage());
