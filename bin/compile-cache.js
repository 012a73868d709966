// Keeps compiled code from one run to the next: a short command starts faster, and an app whose types need not be
// stripped again does without what strips them. Beside the code, not in a folder for temporary files, where another user
// could have put something in advance; where it cannot be written, there is none.
// https://nodejs.org/api/module.html#module-compile-cache
import * as module from "module"
import { dirname, join } from "path"
import { fileURLToPath } from "url"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
// Older Nodes have none.
if (module.enableCompileCache) module.enableCompileCache(join(root, "node_modules", ".cache", "slipway"))
