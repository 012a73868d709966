import type { After, Back, DispatchedRun } from "../model/after.ts"
import type { ReadinessPage } from "../model/page.ts"
import type { Release } from "../model/release.ts"
import { dispatchName } from "./dispatch.ts"
import { instant } from "./wording.ts"

type Line = NonNullable<ReadinessPage["after"]>[number]

/** What the page of a published release says of what was started with it; nothing where nothing was. */
export function afterwards({ after }: Release): Pick<ReadinessPage, "after"> {
  const lines = [...(after?.back ? [backLine(after.back)] : []), ...(dispatched(after?.dispatch).after ?? [])]
  return lines.length === 0 ? {} : { after: lines }
}

/** How a hotfix gets to the branch that the next releases come from. */
function backLine({ is, to, number, url, because }: Back): Line {
  const link = url === undefined ? {} : { url }
  if (is === "reached") return { text: `it has reached ${to}`, state: "passed", ...link }
  if (is === "asked") return { text: `a pull request is being opened, which brings it to ${to}`, state: "pending" }
  if (is === "open") return { text: `#${number} brings it to ${to}, once it is merged`, state: "pending", ...link }
  const why = is === "closed" ? `#${number} was closed without a merge` : `no pull request was opened: ${because}`
  return { text: `it has not reached ${to}: ${why}`, state: "failed", ...link }
}

function dispatched(dispatch: After["dispatch"]): Pick<ReadinessPage, "after"> {
  if (!dispatch) return {}
  const name = dispatchName(dispatch)
  const isLate = dispatch.is === "late"
  if (dispatch.is === "refused")
    return one(`${name} was not started: ${dispatch.because ?? "it was refused"}`, "failed")
  if (dispatch.runs.length > 0) return { after: dispatch.runs.map((run) => lineOf(run, isLate)) }
  if (dispatch.to.within === undefined) return one(`the event ${name} was sent; no run has answered it`, "passed")
  const within = `${dispatch.to.within} minutes`
  if (isLate) return one(`${name} never started: no run of it began within ${within}`, "failed")
  return one(`${name} was asked for on ${instant(dispatch.asked)} and has ${within} to end`, "pending")
}

const one = (text: string, state: Line["state"]) => ({ after: [{ text, state }] })

function lineOf({ name, state, word, attempt, url }: DispatchedRun, isLate: boolean): Line {
  const link = url === undefined ? {} : { url }
  const again = attempt > 1 ? `, attempt ${attempt}` : ""
  if (state === "succeeded") return { text: `${name} succeeded${again}`, state: "passed", ...link }
  if (state === "failed")
    return { text: `${name} failed: ${word.replaceAll("_", " ")}${again}`, state: "failed", ...link }
  return isLate
    ? { text: `${name} has not ended in time${again}`, state: "failed", ...link }
    : { text: `${name} is running${again}`, state: "pending", ...link }
}
