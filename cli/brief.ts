import { config } from "zod";

// A command judges each of its options about once: to compile a function for a schema, as zod does for every map, costs more
// than it saves. Schemas read this as they are made, so the file is imported before all others.
config({ jitless: true });
