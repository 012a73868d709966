import { diff, gt } from "semver"
import type { Change } from "../model/change.ts"
import { changesBetween } from "../model/component-ledger.ts"
import type { Base } from "../model/ledger.ts"
import { endOf, type Release } from "../model/release.ts"
import type { Line } from "../model/state.ts"
import type { Bump, Companion, NextVersion } from "../model/version.ts"
import { dependenciesOf, reasonFor } from "./companions.ts"
import { componentOf, trackFor } from "./division.ts"

interface Together {
  readonly line: Line
  readonly release: Release
  /** The release that the next one of a component follows. */
  readonly previousOf: (component: string) => Base | null
  readonly size: Size
}

/** The version that changes ask for after a version, and releases that they go with. */
export type Size = (changes: readonly Change[], current: string | null, also: readonly Companion[]) => NextVersion

/**
 * The version of a component that keeps one version with others: the highest that one of them has, and what all that
 * landed in any of them since then asks for. One that stays behind that version, since nothing touched it, is released
 * as it too; so is one that nothing touches when the others move on.
 */
export function nextTogether({ line, release, previousOf, size }: Together): NextVersion {
  const linked = componentOf(line, release)?.linked ?? []
  const current = release.previous?.version ?? null
  const members = [release.component, ...linked].map((component) => ({
    component,
    track: trackFor(line, { component }),
    previous: component === release.component ? release.previous : previousOf(component),
  }))
  const highest = members.reduce<Base | null>((most, { previous }) => higher(most, previous), null)
  const upTo = release.phase.is === "cut" ? endOf(release.phase.candidate) : undefined
  const asking = members.map(({ component, track, previous }) => {
    // What was there when the highest version was made is in it, whichever component it touched.
    const from = previous?.version === highest?.version ? previous?.sha : highest?.sha
    const changes = track ? changesBetween(track, "own", from, upTo).filter(({ pull }) => pull?.from === undefined) : []
    return { component, changes, needed: dependenciesOf(line, { ...release, component, previous }) }
  })
  const changes = inOrder(
    line,
    asking.flatMap((one) => one.changes),
  )
  const needed = asking.flatMap((one) => one.needed)
  const whole = size(changes, highest?.version ?? null, needed)
  const catchesUp = highest !== null && (current === null || gt(highest.version, current))
  const next = whole.next ?? (catchesUp ? highest.version : null)
  if (next === null) return { ...whole, current }
  const mine = asking.find(({ component }) => component === release.component)
  const own = new Set([
    ...(mine?.changes ?? []).flatMap(({ sha, commits }) => [sha, ...commits.map((commit) => commit.sha)]),
    ...(mine?.needed ?? []).map(({ sha }) => sha),
  ])
  const because = whole.because.filter(({ sha }) => own.has(sha))
  const leads = (one: (typeof asking)[number]) => one !== mine && one.changes.length + one.needed.length > 0
  const leader = asking.find(leads)?.component ?? holderOf(members, highest) ?? linked[0] ?? ""
  const sha = whole.because.at(-1)?.sha ?? highest?.sha ?? ""
  const companion = { is: "linked with" as const, component: leader, version: next, sha }
  const companions = [...(mine?.needed ?? []), ...(because.length > 0 ? [] : [companion])]
  const bump = whole.bump ?? bumpTo(current, next)
  return {
    ...whole,
    current,
    next,
    bump,
    because: because.length > 0 ? because : [{ ...reasonFor(companion), bump }],
    ...(companions.length > 0 ? { with: companions } : {}),
  }
}

const holderOf = (
  members: readonly { readonly component: string; readonly previous: Base | null }[],
  highest: Base | null,
): string | undefined =>
  highest ? members.find(({ previous }) => previous?.version === highest.version)?.component : undefined

const higher = (one: Base | null, other: Base | null): Base | null =>
  one === null || (other !== null && gt(other.version, one.version)) ? other : one

/** As they landed, each once: a change that touches two is in both. */
function inOrder({ ledger }: Line, changes: readonly Change[]): readonly Change[] {
  const places = new Map(ledger?.commits.map(({ sha }, at) => [sha, at]))
  const once = [...new Map(changes.map((change) => [change.id, change])).values()]
  return once.sort((a, b) => (places.get(a.sha) ?? 0) - (places.get(b.sha) ?? 0))
}

function bumpTo(current: string | null, next: string): Bump {
  const kind = (current === null ? "minor" : diff(current, next)) ?? "patch"
  if (kind.endsWith("major")) return "major"
  return kind.endsWith("minor") ? "minor" : "patch"
}
