#!/usr/bin/env node
// The `slipway` command. This file keeps to syntax that old Nodes can parse, so that they can be told what to do.
// In a clone it runs the sources (never a stale build); in a packed tarball, which has no sources, the build.
import { spawnSync } from "child_process"
import { existsSync } from "fs"
import { dirname, join } from "path"
import { fileURLToPath, pathToFileURL } from "url"
import * as v8 from "v8"
import "./compile-cache.js"

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const [major, minor] = process.versions.node.split(".").map(Number)
const isNewEnough = major > 22 || (major === 22 && minor >= 18)
const bundledNode = join(root, "node_modules", "node", "bin", process.platform === "win32" ? "node.exe" : "node")
const entry = [join(root, "src", "cli", "main.ts"), join(root, "dist", "cli", "main.js")].find((file) =>
  existsSync(file),
)

function giveUp(lines) {
  console.error(lines.join("\n"))
  process.exit(1)
}

if (entry === undefined) {
  giveUp([
    "slipway: neither src/cli/main.ts nor dist/cli/main.js is there.",
    "Reinstall the package, or run `npm run build` in the clone.",
  ])
} else if (isNewEnough) {
  // What is read of a long history stays: a young generation that grows takes 100 MB more, and no less time. V8 looks at
  // this flag each time that it would grow; its limit, `--max-semi-space-size`, is only looked at before there is a heap.
  v8.setFlagsFromString("--semi-space-growth-factor=1")
  import(pathToFileURL(entry).href)
} else if (existsSync(bundledNode)) {
  const run = spawnSync(bundledNode, [entry, ...process.argv.slice(2)], { stdio: "inherit" })
  process.exit(run.status === null ? 1 : run.status)
} else {
  giveUp([
    `slipway needs Node 22.18 or newer, and this is Node ${process.versions.node}.`,
    "Install Node 24 (https://nodejs.org/), or, in a clone, run `npm ci` with install scripts on: it brings its own Node.",
  ])
}
