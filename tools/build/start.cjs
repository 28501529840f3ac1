// Start script of an installed program next to its bundle: the command line or the plugin. Node stores the compiled
// code of the bundle in the user's own cache, so only the first run compiles; the installation itself may be read-only.
// Without such a folder nothing is stored.
const { enableCompileCache } = require("node:module");
const { join } = require("node:path");
const { cacheFolder } = require("./cachefolder.cjs");

try {
  enableCompileCache(cacheFolder());
} catch {
  // An account without a home folder.
}
require(join(__dirname, "main.cjs"));
