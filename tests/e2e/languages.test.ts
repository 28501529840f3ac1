// One file, and therefore one process: plugin, SDKs and the virtual environment are made once for all of these.
import "./languages-rendered.suite.ts";
import "./languages-cluster.suite.ts";
import "./options.suite.ts";
