import { own } from "../../model/own.ts"
import type { Inside, ProtectionRequest } from "../../model/protection.ts"
import type { Deployed } from "../../model/signal.ts"
import type { State } from "../../model/state.ts"
import type { Run } from "../run.ts"
import { withInside } from "./let-in.ts"
import { openRequests, putRequest, requestsIn } from "./requests.ts"

/**
 * A job is queued for at most one day and runs for at most five: after that nothing of it is inside any more, whatever was
 * heard. https://docs.github.com/en/actions/reference/limits
 */
const LONGEST_MS = 6 * 24 * 60 * 60_000
/** GitHub tells of every step of a deployment. One that is silent for so long while others wait for it is asked for. */
const SILENT_MS = 30 * 60_000

const ENDS: readonly string[] = ["success", "failure", "error", "inactive"]

/** What GitHub says of a deployment that was let in: it goes on, or it has ended and leaves its place to the next. */
export function heardInside(run: Run, signal: Deployed): void {
  if (signal.state === "created") return
  for (const request of requestsIn(run.state)) {
    const { inside = [], environment, sha } = request
    const isIt = ({ deployment }: Inside) =>
      deployment === signal.deployment ||
      (deployment === "" && sha === signal.sha && environment.toLowerCase() === signal.environment.toLowerCase())
    if (!inside.some(isIt)) continue
    const others = inside.filter((one) => !isIt(one))
    const goesOn = inside.filter(isIt).map(({ look: _, ...one }) => ({ ...one, heard: signal.at }))
    putRequest(run, withInside(request, ENDS.includes(signal.state) ? others : [...others, ...goesOn]))
  }
}

/** Takes in what was read of those that were silent, and asks for those that are while somebody waits for them. */
export function followInside(run: Run): void {
  for (const request of requestsIn(run.state)) {
    const { inside } = request
    if (!inside) continue
    const left = inside.flatMap((one) => followed(run, one, isWaitedFor(run.state, request)))
    if (left.length !== inside.length || left.some((one, at) => one !== inside[at]))
      putRequest(run, withInside(request, left))
  }
}

function followed(run: Run, one: Inside, isWaited: boolean): readonly Inside[] {
  const { look, ...known } = one
  if (run.now.getTime() >= Date.parse(one.at) + LONGEST_MS) return []
  if (look !== undefined && look < run.at) {
    const stands = own(run.facts.learned.deployments, one.deployment)
    return stands === "ended" ? [] : [{ ...known, heard: run.at }]
  }
  const isDue = look === undefined && isWaited && one.deployment !== "" && run.at >= silentAt(one)
  return [isDue ? { ...known, look: run.at } : one]
}

const silentAt = ({ heard, at }: Inside): string => new Date(Date.parse(heard ?? at) + SILENT_MS).toISOString()

const isWaitedFor = (state: State, { environment }: ProtectionRequest): boolean =>
  openRequests(state).some((one) => one.environment.toLowerCase() === environment.toLowerCase())

/** When something has to be asked of those that are inside, or is given up. ISO 8601 */
export function insideTimes(run: Run): readonly string[] {
  return requestsIn(run.state).flatMap((request) =>
    (request.inside ?? []).flatMap((one) => {
      if (one.look !== undefined) return [new Date(run.now.getTime() + 1).toISOString()]
      if (!isWaitedFor(run.state, request)) return []
      const gone = new Date(Date.parse(one.at) + LONGEST_MS).toISOString()
      return one.deployment === "" ? [gone] : [silentAt(one), gone]
    }),
  )
}
