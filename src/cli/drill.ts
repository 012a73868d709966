import { randomUUID } from "node:crypto"
import type { Command } from "./command.ts"
import { ofEnvironment } from "./of-environment.ts"
import { goal, send } from "./send.ts"

export const drill: Command = {
  help: `slipway drill: practise the way back of an environment.

Usage: slipway drill ENVIRONMENT [OPTIONS]

SLIPWAY_URL is the address of Slipway, and SLIPWAY_TOKEN a token that \`slipway token create --drill\` made. The environment has
to declare \`drill\` in its configuration. The release that is live is rolled back to the last known good one, which is shown to be
well, and then brought back; the thread of the release tells it, marked as a drill, with how long it took. Nothing is
marked bad, nobody is paged. It does not begin while a deployment, a rollback, a lock or a closed window is there: then
the environment's check run says why.

  --component NAME         of a repository that has several
  --repository OWNER/REPO  where the token is of an account
  --id ID                  names this request: what is sent twice by one id counts once; a new one unless given

Exit codes: 0 Slipway has it; 1 it was refused, or could not be told, and standard error says why; 2 wrong usage.
`,

  async run(args, terminal) {
    const { environment, values } = ofEnvironment(args, {
      component: { type: "string" },
      repository: { type: "string" },
      id: { type: "string" },
    })
    const request = { id: randomUUID(), at: terminal.now.toISOString(), ...values, environment }
    const result = await send(goal("/api/drill", process.env), JSON.stringify(request))
    const said = result === "duplicate" ? "asked for already" : "asked for"
    terminal.out(`${said}: a drill in ${environment}; the release's thread and its check run tell what comes of it\n`)
    return 0
  },
}
