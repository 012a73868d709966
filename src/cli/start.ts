import { run as runSlipway } from "../main.ts"
import { type Command, WrongUsage } from "./command.ts"

export const start: Command = {
  help: `slipway start: run Slipway, until it is told to stop (SIGTERM or SIGINT).

Usage: slipway start

The environment holds its settings; .env.example explains each of them.

Exit codes: 0 it was stopped; 1 it could not start, with what to do; 2 wrong usage.
`,

  async run(args) {
    if (args.length > 0)
      throw new WrongUsage(`it takes no arguments, not ${args.join(" ")}; settings are in the environment`)
    return (await runSlipway(process.env)) === 0 ? 0 : 1
  },
}
