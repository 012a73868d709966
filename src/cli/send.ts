import { setTimeout as delay } from "node:timers/promises"
import { ProblemFound } from "./command.ts"

const TIMEOUT_MS = 10_000
/** Between tries of what may go by; the same id is sent each time, so that it counts once. */
const PAUSES_MS = [1_000, 3_000, 9_000]

/** Where it goes, and by which token. */
interface Goal {
  readonly address: string
  readonly token: string
}

/**
 * @param path of the API
 * @throws ProblemFound where the settings are missing
 */
export function goal(path: string, { SLIPWAY_URL: url = "", SLIPWAY_TOKEN: token = "" }: NodeJS.ProcessEnv): Goal {
  if (!URL.canParse(url) || !/^https?:$/.test(new URL(url).protocol))
    throw new ProblemFound("SLIPWAY_URL is not set to the address of Slipway, such as https://slipway.example.com")
  if (token.trim() === "") throw new ProblemFound("SLIPWAY_TOKEN is not set; `slipway token create` makes one")
  return { address: `${url.replace(/\/+$/, "")}${path}`, token: token.trim() }
}

/** @throws ProblemFound with what Slipway says, or why it could not be reached */
export async function send(to: Goal, body: string): Promise<string> {
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
