import { randomUUID } from "node:crypto"
import { type Command, WrongUsage } from "./command.ts"
import { ofEnvironment } from "./of-environment.ts"
import { goal, send } from "./send.ts"

const STATUSES = ["success", "in_progress", "failure"]

export const deployed: Command = {
  help: `slipway deployed: tell a running Slipway what was deployed by a system outside of GitHub.

Usage: slipway deployed ENVIRONMENT (--version VERSION | --sha SHA) [OPTIONS]

SLIPWAY_URL is the address of Slipway, and SLIPWAY_TOKEN a token that \`slipway token create\` made. It tells a fact: no gate is
passed by it, and a deployment past the gates is a finding.

  --version VERSION        the version or the tag of the release
  --sha SHA                its whole commit; with --version both have to fit
  --component NAME         of a repository that has several
  --status STATUS          success (what is told unless another is given), in_progress or failure
  --repository OWNER/REPO  where the token is of an account
  --id ID                  names this report: what is sent twice by one id counts once; a new one unless given
  --deployment ID          names the deployment, where several reports are about one
  --at INSTANT             when it was so, as 2026-01-31T12:00:00Z; now unless given, at most a day ago
  --url URL                where people see more of it

Exit codes: 0 Slipway has it; 1 it was refused, or could not be told, and standard error says why; 2 wrong usage.
`,

  async run(args, terminal) {
    const { environment, values } = ofEnvironment(args, {
      version: { type: "string" },
      sha: { type: "string" },
      component: { type: "string" },
      status: { type: "string", default: "success" },
      repository: { type: "string" },
      id: { type: "string" },
      deployment: { type: "string" },
      at: { type: "string" },
      url: { type: "string" },
    })
    const { version, sha, status } = values
    if (version === undefined && sha === undefined) throw new WrongUsage("it takes --version or --sha")
    if (sha !== undefined && !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(sha))
      throw new WrongUsage(`--sha takes a whole commit SHA, not ${sha}`)
    if (!STATUSES.includes(status)) throw new WrongUsage(`--status takes ${STATUSES.join(", ")}, not ${status}`)
    const report = { id: randomUUID(), at: terminal.now.toISOString(), ...values, environment }
    const result = await send(goal("/api/deployed", process.env), JSON.stringify(report))
    const what = version ?? sha?.slice(0, 7)
    terminal.out(`${result === "duplicate" ? "known already" : "told"}: ${what}, ${environment}, ${status}\n`)
    return 0
  },
}
