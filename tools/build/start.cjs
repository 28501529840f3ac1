// Start script of an installed program next to its bundle: the command line or the plugin. Node stores the compiled
// code of the bundle in the user's own cache, so only the first run compiles; the installation itself may be read-only.
// Without such a folder nothing is stored.
const { enableCompileCache } = require("node:module");
const { homedir } = require("node:os");
const { isAbsolute, join } = require("node:path");

function cacheFolder() {
  const { XDG_CACHE_HOME: named = "", LOCALAPPDATA: ofWindows = "" } = process.env;
  const own = [named, process.platform === "win32" ? ofWindows : ""].find((folder) => isAbsolute(folder));
  return join(own ?? join(homedir(), ".cache"), "kserve-llm", "compiled");
}

try {
  enableCompileCache(cacheFolder());
} catch {
  // An account without a home folder.
}
require(join(__dirname, "main.cjs"));
