import type { Gate } from "../../model/gate.ts"
import { organisationKey, type Stop } from "../../model/organisation.ts"
import { own } from "../../model/own.ts"
import { fullName } from "../../model/repository.ts"
import type { Line } from "../../model/state.ts"
import { hostUrl } from "../links.ts"
import { configOf } from "../plan-of.ts"
import { instant, short } from "../wording.ts"
import type { Subject } from "./subject.ts"

type Found = Omit<Gate, "name">
/** A release, or a deployment of what is released. */
type Stoppable = Pick<Subject, "repo" | "line" | "state">

/**
 * The organisation stops no releases here: none of the files that the branch extends, and none that it extended when its
 * gates were last approved. What such a file says is not known where it could not be read, and then nothing goes out.
 */
export function stopGate(subject: Stoppable): (Gate & { readonly name: "stop" }) | null {
  const names = extendedBy(subject.line)
  if (names.length === 0) return null
  const found = names.map((name) => foundIn(name, subject))
  const worst = ["failed", "unknown", "passed"].flatMap((state) => found.find((one) => one.state === state) ?? [])[0]
  return { name: "stop", ...(worst ?? { state: "unknown", because: "nothing is known of it" }) }
}

/** The files that count on a line, by the name of their repository. */
export function extendedBy(line: Line): readonly string[] {
  const names = [configOf(line).extends, line.inForce.config?.value.extends].flatMap((name) => name ?? [])
  return [...new Map(names.map((name) => [organisationKey(name), name])).values()]
}

function foundIn(name: string, subject: Stoppable): Found {
  const organisation = own(subject.state.organisations, organisationKey(name))
  if (!organisation) return { state: "unknown", because: `what ${name} says was not read yet` }
  if (organisation.is === "unread") return { state: "unknown", because: organisation.because }
  const { stop } = organisation
  if (!stop) return { state: "passed", because: `${name} stops no releases` }
  const evidence = evidenceOf(name, stop, subject)
  const exempt = exemption(stop, subject)
  if (exempt !== undefined)
    return { state: "passed", because: `${name} stops releases, but not ${exempt}: ${stop.because}`, ...evidence }
  const since = stop.set ? ` since ${instant(stop.set.at)}, by ${stop.set.by}` : ""
  // guard: stop-the-line
  return { state: "failed", because: `${name} stops all releases${since}: ${stop.because}`, ...evidence }
}

/** What goes on in spite of a stop, by name: a repository that was renamed since is stopped. */
export function exemption({ except }: Stop, { repo, line }: Pick<Subject, "repo" | "line">): string | undefined {
  const name = fullName(repo)
  if (except.some((one) => one.toLowerCase() === name.toLowerCase())) return `those of ${name}`
  return line.kind?.is === "hotfix" && except.includes("hotfix") ? "those of hotfix branches" : undefined
}

function evidenceOf(name: string, { set }: Stop, { repo }: Stoppable): Pick<Gate, "evidence"> {
  if (!set) return {}
  return { evidence: [{ text: `${name}@${short(set.sha)}`, url: `${hostUrl(repo)}/${name}/commit/${set.sha}` }] }
}
