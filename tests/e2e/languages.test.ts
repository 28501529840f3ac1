// One file, and so one process: plugin, SDKs and the virtual environment are made once, in one place, for all of these.
import "./languages-rendered.suite.ts";
import "./languages-cluster.suite.ts";
import "./options.suite.ts";
