import { isWhole } from "../model/component.ts"
import { changesBetween } from "../model/component-ledger.ts"
import { nearest } from "../model/nearest.ts"
import { endOf, type Release } from "../model/release.ts"
import type { Line } from "../model/state.ts"
import { componentsOn, trackFor } from "./division.ts"
import { configOf } from "./plan-of.ts"
import { list, plain, plural } from "./wording.ts"

const SHOWN = 10

/**
 * What people have to know of changes that do not clearly belong: those outside all components, which are in nobody's
 * notes, and those of which GitHub did not tell what they touched, which are in everybody's.
 *
 * @param release the one whose page it is; without it, the branch's
 */
export function componentWarnings(line: Line, release?: Release): readonly string[] {
  if (isWhole(componentsOn(line)) || release?.phase.is === "published") return []
  return [...misunderstood(line), ...(release ? ofRelease(line, release) : ofBranch(line))]
}

/** What the configuration says that comes to nothing, and that only the components themselves show. */
function misunderstood(line: Line): readonly string[] {
  const { linked, publish } = configOf(line)
  const names = componentsOn(line).map(({ name }) => name)
  const strangers = linked.flat().filter((name) => !names.includes(name))
  const idle = [
    ...(publish.manifests.length > 0 ? ["`publish.manifests`"] : []),
    ...(publish.changelog !== undefined && !configOf(line).workspaces ? ["`publish.changelog`"] : []),
  ]
  return [
    ...strangers.slice(0, SHOWN).map((name) => {
      const near = nearest(name, names)
      return `“linked” names “${name}”, which is no component${near ? `: did you mean “${near}”?` : ""}`
    }),
    ...(idle.length === 0
      ? []
      : [`Nothing writes what ${plain(idle.join(" and "))} names: of a repository with components each has its own.`]),
  ]
}

function ofRelease(line: Line, release: Release): readonly string[] {
  const track = trackFor(line, release)
  if (!track) return []
  const upTo = release.phase.is === "cut" ? endOf(release.phase.candidate) : track.ledger.head
  const covered = changesBetween(track, "covered", release.previous?.sha, upTo)
  const outside = covered.filter(({ id }) => !track.own?.has(id) && (track.touched.get(id)?.length ?? 0) === 0)
  const unknown = covered.filter(({ id }) => track.unknown.has(id))
  return [...outsideAll(outside.length), ...untold(unknown.map(({ id }) => id))]
}

const outsideAll = (count: number): readonly string[] =>
  count === 0
    ? []
    : [`${lies(count)} outside all components: in nobody's notes, but approvals of each release cover that too.`]

const untold = (ids: readonly string[]): readonly string[] =>
  ids.length === 0
    ? []
    : [
        `What ${list(ids.map(short), SHOWN)} touched is not known (GitHub lists no more than 3,000 files of a commit), so it counts for every component.`,
      ]

const lies = (count: number): string => `${plural(count, "change")} ${count === 1 ? "lies" : "lie"}`

const short = (id: string): string => (id.startsWith("#") ? id : id.slice(0, 7))

/** Of all that waits on the branch. */
function ofBranch(line: Line): readonly string[] {
  const touched = new Map(
    componentsOn(line).flatMap(({ name }) => [...(trackFor(line, { component: name })?.touched ?? [])]),
  )
  const none = [...touched].filter(([, components]) => components.length === 0).length
  return none === 0
    ? []
    : [
        `${lies(none)} outside all components, and in nobody's notes: give a component the path, or “**” for all, if it shall be released.`,
      ]
}
