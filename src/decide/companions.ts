import { changesBetween } from "../model/component-ledger.ts"
import { placesIn } from "../model/ledger.ts"
import type { NotesEntry } from "../model/notes.ts"
import type { Release } from "../model/release.ts"
import type { Line } from "../model/state.ts"
import type { Companion, Reason } from "../model/version.ts"
import { builtWith, componentOf, componentsOn, trackFor } from "./division.ts"
import { lastReleaseOn } from "./last-release.ts"

/**
 * The releases of other components that a release goes with because it depends on them: those that came out since its
 * own last release, up to its candidate. A component that was never released waits for a change of its own.
 *
 * What came out on a commit that the last release has too is in it already, and asks for nothing: so each release of
 * `api` brings each dependant one patch at most, and that patch brings `api` none, though it needs the dependant too.
 */
export function dependenciesOf(line: Line, release: Release): readonly Companion[] {
  const component = componentOf(line, release)
  const track = trackFor(line, release)
  if (!component || !track || !line.ledger?.starts || release.previous === null) return []
  const { commits, head } = track.ledger
  const places = placesIn(commits)
  const after = places.get(release.previous.sha) ?? -1
  const upTo = places.get(release.phase.is === "cut" ? release.phase.candidate.sha : head) ?? -1
  // Those that keep one version go together anyway: a patch for it would be a version that the other lacks again.
  const needed = component.dependsOn.filter((name) => !component.linked.includes(name))
  return needed.flatMap((name) => {
    const base = lastReleaseOn(line, name)
    const at = base ? (places.get(base.sha) ?? -1) : -1
    return base && at > after && at <= upTo && !isOurEcho(line, release, name, base.sha)
      ? [{ is: "depends on" as const, component: name, version: base.version, sha: base.sha }]
      : []
  })
}

/**
 * Whether a release of a component that needs this one in its turn came only because this one was released. Each commit
 * of a release pull request is a new one, so they would go on releasing each other without end. What landed in the
 * circle since then, beside the versions that Slipway wrote, makes it a release of its own.
 */
function isOurEcho(line: Line, release: Release, name: string, sha: string): boolean {
  const bringing = componentsOn(line).map((one) => ({ ...one, dependsOn: [...one.dependsOn, ...one.linked] }))
  const circle = builtWith(bringing, [name])
  const track = trackFor(line, release)
  if (!track || !circle.has(release.component)) return false
  const others = [...circle].filter((one) => one !== release.component)
  return !changesBetween(track, "all", release.previous?.sha, sha).some(
    ({ id, pull }) => pull?.from === undefined && track.touched.get(id)?.some((one) => others.includes(one)),
  )
}

/** What a companion asks for: a patch, with the line that says so. */
export const reasonFor = ({ is, component, version, sha }: Companion): Reason => ({
  sha,
  subject: is === "depends on" ? `depends on ${component} ${version}` : `keeps one version with ${component}`,
  bump: "patch",
})

/** The lines of the notes that say it. */
export const companionLines = (companions: readonly Companion[]): readonly NotesEntry[] =>
  companions.map((one) => ({ text: reasonFor(one).subject, sha: one.sha, counts: 0 }))

/**
 * The components whose changes come with a release: those that it is released for, what it depends on, and what they
 * depend on in their turn. In a workspace it is built from what stands beside it, released or not, so approvals of the
 * release cover their changes as well.
 */
export function comesWith(line: Line, { next, component }: Pick<Release, "next" | "component">): ReadonlySet<string> {
  const needed = componentOf(line, { component })?.dependsOn ?? []
  return builtWith(componentsOn(line), [...(next.with ?? []).map((one) => one.component), ...needed])
}
