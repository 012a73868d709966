import type { ProtectionRequest } from "../../model/protection.ts"
import type { Release } from "../../model/release.ts"
import type { State } from "../../model/state.ts"
import { list, plain, short } from "../wording.ts"
import type { Out } from "./entry.ts"

/**
 * The release whose commit asks to enter; `against`: why it is not let in but on the way back. Or that it is just coming
 * out; or why it will never be let in.
 */
export type Found =
  | { readonly is: "found"; readonly release: Out; readonly against?: string }
  | { readonly is: "coming"; readonly release: Release }
  | { readonly is: "none"; readonly because: string }

/**
 * The published release of a commit. Where several components were released from one, the run has to be on the tag of
 * the one that it deploys: which of them is meant decides which gates stand.
 */
export function findRelease({ releases }: State, asked: Asked): Found {
  const known = found.get(releases) ?? new Map<string, Found>()
  found.set(releases, known)
  const key = `${asked.sha} ${asked.ref}`
  const before = known.get(key)
  if (before) return before
  const made = lookFor(releases, asked)
  known.set(key, made)
  return made
}

type Asked = Pick<ProtectionRequest, "sha" | "ref">

/** All that waits is looked at for each that waits, by every rule: for as long as no release changes it is found once. */
const found = new WeakMap<State["releases"], Map<string, Found>>()

function lookFor(releases: State["releases"], { sha, ref }: Asked): Found {
  if (sha === null) return none("GitHub did not say which commit it deploys")
  // guard: unreleased-commit
  const at = releases.filter((release) => release.phase.is === "published" && release.phase.candidate.sha === sha)
  const tagged = at.find((release) => isRefOf(release, ref))
  const next = releases.find((one) => one.phase.is === "cut" && one.phase.candidate.sha === sha && isRefOf(one, ref))
  if (!tagged && next?.phase.is === "cut" && next.phase.publishing) return { is: "coming", release: next }
  const components = new Set(at.map(({ component }) => component))
  if (!tagged && components.size > 1)
    return none(
      `${list(at.map(({ tag }) => tag))} were released from ${short(sha)}: run the deployment on the tag of the one that is meant`,
    )
  const release = tagged ?? at.at(-1)
  if (release && isOut(release)) return judged(release)
  const coming = releases.find((one) => one.phase.is === "cut" && one.phase.candidate.sha === sha)
  if (coming?.phase.is === "cut" && coming.phase.publishing) return { is: "coming", release: coming }
  const open = coming ?? releases.find((one) => one.phase.is === "drafted" && one.shown?.sha === sha)
  if (open?.tag) return none(`${open.tag} at ${short(sha)} is not published yet`)
  return none(
    `${short(sha)} is not the commit of a release that Slipway knows: publish a release of it and deploy that release's tag`,
  )
}

const isRefOf = ({ tag }: Release, ref: string): boolean => ref === tag || ref === `refs/tags/${tag}`

const isOut = (release: Release): release is Out => release.phase.is === "published"

function judged(release: Out): Found {
  const { outside } = release.phase
  const strayed = release.strayed && elsewhere(release, release.strayed.to)
  const against = outside === undefined ? strayed : `${release.tag} was not published by Slipway: ${outside}`
  return { is: "found", release, ...(against === undefined ? {} : { against: plain(against) }) }
}

/** What is wrong with a tag that stands on another commit than the one that was published, or (null) on none. */
export function elsewhere({ tag, phase }: Out, at: string | null): string {
  const made = short(phase.candidate.sha)
  return at === null
    ? `the tag ${tag}, which was made on ${made}, is gone`
    : `the tag ${tag} was made on ${made} and stands on ${short(at)} now`
}

const none = (because: string): Found => ({ is: "none", because })
