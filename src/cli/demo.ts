import { spawn } from "node:child_process"
import { once } from "node:events"
import { existsSync } from "node:fs"
import { join } from "node:path"
import { type Command, ProblemFound } from "./command.ts"

/** From `src/cli` and from `dist/cli` alike. */
const DEMO = join(import.meta.dirname, "../../demo/main.ts")

export const demo: Command = {
  help: `slipway demo: the whole way from merged pull request to rollback, on this machine.

Usage: slipway demo [--repo DIR] [--page FILE] [--keep]

Starts the app with a database and stateful GitHub and Slack peers of its own, and plays a real history through it.
Needs neither credentials nor network.

  --repo DIR          the git clone whose commits are played; default: Slipway's own
  --page FILE         where the page with all that was seen is written; default: demo.html in Slipway's clone
  --keep              leave everything running until Ctrl-C, so that each page can be looked at

Exit codes: 0 every step held; 1 one did not; 2 wrong usage.
`,

  async run(args, terminal) {
    if (!existsSync(DEMO)) throw new ProblemFound("the demo is in Slipway's git repository, not in this package")
    // A process of its own: it ends itself, and Ctrl-C has to reach it.
    const child = spawn(process.execPath, [DEMO, ...args], { stdio: "inherit", cwd: terminal.directory })
    // Ctrl-C reaches both: this process waits for the other one to take down what it started.
    const wait = () => undefined
    process.on("SIGINT", wait)
    const [code] = await once(child, "exit")
    process.off("SIGINT", wait)
    return code === 0 ? 0 : code === 2 ? 2 : 1
  },
}
