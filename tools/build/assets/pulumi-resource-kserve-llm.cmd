@echo off
rem Starts the plugin on Windows: on the Node that KSERVE_LLM_NODE names, else on the first of PATH (22 or newer).
if defined KSERVE_LLM_NODE ("%KSERVE_LLM_NODE%" "%~dp0start.cjs" %*) else (node "%~dp0start.cjs" %*)
