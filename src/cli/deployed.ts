import { randomUUID } from "node:crypto"
import { setTimeout as delay } from "node:timers/promises"
import { parseArgs } from "node:util"
import { type Command, ProblemFound, WrongUsage } from "./command.ts"

const STATUSES = ["success", "in_progress", "failure"]
const TIMEOUT_MS = 10_000
/** Between tries of what may go by; the same id is sent each time, so that it counts once. */
const PAUSES_MS = [1_000, 3_000, 9_000]

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
    const { values, positionals } = parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        version: { type: "string" },
        sha: { type: "string" },
        component: { type: "string" },
        status: { type: "string", default: "success" },
        repository: { type: "string" },
        id: { type: "string" },
        deployment: { type: "string" },
        at: { type: "string" },
        url: { type: "string" },
      },
    })
    const [environment, ...rest] = positionals
    if (environment === undefined || rest.length > 0) throw new WrongUsage("it takes one environment, as production")
    const { version, sha, status } = values
    if (version === undefined && sha === undefined) throw new WrongUsage("it takes --version or --sha")
    if (sha !== undefined && !/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(sha))
      throw new WrongUsage(`--sha takes a whole commit SHA, not ${sha}`)
    if (!STATUSES.includes(status)) throw new WrongUsage(`--status takes ${STATUSES.join(", ")}, not ${status}`)
    const report = { id: randomUUID(), at: terminal.now.toISOString(), ...values, environment }
    const result = await send(goal(process.env), JSON.stringify(report))
    const what = version ?? sha?.slice(0, 7)
    terminal.out(`${result === "duplicate" ? "known already" : "told"}: ${what}, ${environment}, ${status}\n`)
    return 0
  },
}

/** Where it goes, and by which token. */
interface Goal {
  readonly address: string
  readonly token: string
}

/** @throws ProblemFound where the settings are missing */
function goal({ SLIPWAY_URL: url = "", SLIPWAY_TOKEN: token = "" }: NodeJS.ProcessEnv): Goal {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new ProblemFound("SLIPWAY_URL is not set to the address of Slipway, such as https://slipway.example.com")
  if (token.trim() === "") throw new ProblemFound("SLIPWAY_TOKEN is not set; `slipway token create` makes one")
  return { address: `${url.replace(/\/+$/, "")}/api/deployed`, token: token.trim() }
}

/** @throws ProblemFound with what Slipway says, or why it could not be reached */
async function send(to: Goal, body: string): Promise<string> {
  for (let tries = 0; ; tries++) {
    const answer = await post(to, body)
    if (answer.is === "told") return answer.result
    const pause = PAUSES_MS[tries]
    if (answer.is === "refused" || pause === undefined) throw new ProblemFound(answer.because)
    await delay(pause)
  }
}

type Answer =
  | { readonly is: "told"; readonly result: string }
  | { readonly is: "refused" | "away"; readonly because: string }

async function post({ address, token }: Goal, body: string): Promise<Answer> {
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" }
  // A redirect would carry the token to somebody else.
  const request = {
    method: "POST",
    headers,
    body,
    redirect: "manual",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  } as const
  try {
    const answer = await fetch(address, request)
    const said = (await answer.json().catch(() => ({}))) as { result?: string; error?: string }
    if (answer.status === 202) return { is: "told", result: said.result ?? "stored" }
    const because = `${address} answered ${answer.status}: ${said.error ?? "no reason was given"}`
    return { is: answer.status >= 500 || answer.status === 429 ? "away" : "refused", because }
  } catch (error) {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error
    return { is: "away", because: `${address} cannot be reached: ${cause instanceof Error ? cause.message : cause}` }
  }
}
