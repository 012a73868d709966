import type { Back } from "../../model/after.ts"
import { environmentNamed } from "../../model/environment-named.ts"
import { own } from "../../model/own.ts"
import type { Release } from "../../model/release.ts"
import type { State } from "../../model/state.ts"
import { list } from "../wording.ts"
import type { Entry, Judged } from "./entry.ts"
import { basesOf } from "./hotfix.ts"

/**
 * What a hotfix mended stays mended: a release without it, published before the hotfix or made from something older, would
 * take it back from those who have it. Asked of the branch that the hotfix is brought to, and of other hotfixes; shown
 * while what is live there is a hotfix, or has one.
 */
export function backGate(entry: Entry): Judged | null {
  const { state, request, release } = entry
  const live = environmentNamed(state, request.environment, release.component)?.live
  const there = live && state.releases.find(({ id }) => id === live.release)
  const mended = there ? hotfixesAt(entry, there) : []
  if (!there || mended.length === 0) return null
  const isThere = ({ hotfix }: Mended) =>
    `${hotfix.tag}, which is ${hotfix.id === there.id ? "" : `in ${there.tag}, `}live in ${request.environment}`
  // guard: hotfix-taken-back-there
  const missing = mended.filter(({ hotfix }) => !has(state, release, hotfix))
  if (missing.length === 0)
    return { gate: { name: "back", state: "passed", because: `has ${list(mended.map(isThere))}` } }
  const because = list(missing.map((one) => `${release.tag} lacks the hotfix ${isThere(one)}: ${wayOut(entry, one)}`))
  const evidence = missing.flatMap(({ back: { number, url } }) => (number && url ? [{ text: `#${number}`, url }] : []))
  return { gate: { name: "back", state: "failed", because, ...(evidence.length > 0 ? { evidence } : {}) } }
}

interface Mended {
  readonly hotfix: Release
  readonly back: Back
}

/** The hotfixes that what is live has, and that are to be in what enters. */
function hotfixesAt({ state, release }: Entry, there: Release): readonly Mended[] {
  return state.releases.flatMap((hotfix) => {
    const back = hotfix.after?.back
    if (!back || hotfix.component !== release.component || !has(state, there, hotfix)) return []
    return back.to === release.branch || isHotfix(state, release) ? [{ hotfix, back }] : []
  })
}

const isHotfix = ({ lines }: State, { branch }: Release): boolean => own(lines, branch)?.kind?.is === "hotfix"

/** It is the hotfix, was published with it, or was made from it. */
function has(state: State, release: Release, hotfix: Release): boolean {
  if (release.phase.is !== "published" || hotfix.phase.is !== "published") return false
  const { sha } = hotfix.phase.candidate
  return (
    release.phase.candidate.sha === sha ||
    (release.phase.hotfixes ?? []).includes(hotfix.tag) ||
    basesOf(state, release).some((base) => base.sha === sha)
  )
}

function wayOut({ state, release }: Entry, { hotfix, back: { is, to, number } }: Mended): string {
  if (isHotfix(state, release)) return `make it from ${hotfix.tag}`
  if (is === "reached") return `deploy a later release of ${to}, which has it`
  return `deploy a release of ${to} that has it, once ${number ? `#${number}` : hotfix.tag} is merged there`
}
