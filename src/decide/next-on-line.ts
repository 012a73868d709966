import { gt, satisfies } from "semver"
import type { Change } from "../model/change.ts"
import { changesBetween } from "../model/component-ledger.ts"
import { isStable, type Mark } from "../model/known-tags.ts"
import type { Base, Ledger } from "../model/ledger.ts"
import { STABLE } from "../model/line-kind.ts"
import { endOf, isBeside, type Release } from "../model/release.ts"
import type { Line, State } from "../model/state.ts"
import type { NextVersion } from "../model/version.ts"

import { channelStart, nextOnChannel } from "./channel.ts"
import { dependenciesOf, reasonFor } from "./companions.ts"
import { coreOf } from "./core.ts"
import { componentOf, ledgerFor, trackFor } from "./division.ts"
import { lastReleaseOn } from "./last-release.ts"
import { nextTogether, type Size } from "./linked.ts"
import { configOf, planOf, statedFor } from "./plan-of.ts"
import { nextVersion } from "./version.ts"

/** The version that a release asks for, as its branch makes versions: stable ones, a channel's, patches of a range. */
export function nextOnLine(state: State, line: Line, release: Release, changes: readonly Change[]): NextVersion {
  const config = configOf(line)
  const kind = line.kind ?? STABLE
  const plan = planOf(state, line, release)
  const stated = plan ? statedFor(plan, release) : undefined
  const track = trackFor(line, release)
  const known = knownVersions(state, track?.ledger, release)
  if (kind.is === "channel" && track) {
    const { ledger } = track
    const upTo = release.phase.is === "cut" ? endOf(release.phase.candidate) : undefined
    const since = (sha: string | undefined) => changesBetween(track, "own", sha, upTo).filter(isOfPeople)
    const marks = landedMarks(ledger).filter(({ sha }) => isBefore(ledger, sha, upTo))
    const needed = dependenciesOf(line, release)
    const next = nextOnChannel({
      ...kind,
      base: ledger.base,
      marks,
      previous: release.previous,
      since,
      known,
      config,
      stated,
      also: needed.map(reasonFor),
      group: groupOnChannel(state, line, release),
    })
    return needed.length > 0 && next.next !== null ? { ...next, with: needed } : next
  }
  const out = new Set(known.map((version) => (isStable(version) ? coreOf(version) : version)))
  const size: Size = (changes, current, also) =>
    nextVersion({
      changes,
      current,
      config,
      stated,
      taken: (version) => out.has(version),
      kind,
      floor: floorOf(track?.ledger, current),
      also: also.map(reasonFor),
    })
  const next = nextAmong(state, line, release, changes, size)
  const stray = kind.is === "maintenance" && strayIn(track?.ledger, kind.range)
  if (!stray || next.next === null) return next
  const because = `${stray.tag} is behind this branch, and outside ${kind.range}: what it brought cannot come out as ${next.next}; take it off the branch`
  return { ...next, refused: [...(next.refused ?? []), { what: kind.range, by: stray.sha, because }] }
}

/** Alone, or together with the components that keep one version with it. */
function nextAmong(state: State, line: Line, release: Release, changes: readonly Change[], size: Size): NextVersion {
  if ((componentOf(line, release)?.linked ?? []).length > 0) {
    const previousOf = (component: string) => previousOn(state, line, component)
    return nextTogether({ line, release, previousOf, size })
  }
  const needed = dependenciesOf(line, release)
  const next = size(changes, release.previous?.version ?? null, needed)
  return needed.length > 0 ? { ...next, with: needed } : next
}

/** The stable version that a channel's group of linked components comes to: what is counted under it is each one's own. */
function groupOnChannel(state: State, line: Line, release: Release): string | null {
  if ((componentOf(line, release)?.linked ?? []).length === 0) return null
  const startOf = (component: string): Base | null => {
    const ledger = ledgerFor(line, { component })
    const known = knownVersions(state, ledger, { ...release, component })
    return ledger ? channelStart({ base: ledger.base, marks: landedMarks(ledger) }, known) : null
  }
  const previous = startOf(release.component)
  const size: Size = (changes, current, also) =>
    nextVersion({ changes, current, config: configOf(line), also: also.map(reasonFor) })
  return nextTogether({ line, release: { ...release, previous }, previousOf: startOf, size }).next
}

/** Version files and changelog, which Slipway itself brought, ask for nothing. */
const isOfPeople = ({ pull }: Change): boolean => pull?.from === undefined

/** The release that the next one of a component follows on a line: the newest cut, else the last one that is out. */
export function previousOn(state: State, line: Line, component: string): Base | null {
  const of = { branch: line.branch, component }
  const cut = state.releases.filter((r) => isBeside(r, of) && r.phase.is === "cut").at(-1)
  if (cut?.phase.is === "cut")
    return { tag: cut.tag, version: cut.phase.candidate.version, sha: endOf(cut.phase.candidate) }
  return lastReleaseOn(line, component)
}

const landedMarks = ({ tags }: Ledger): readonly Mark[] =>
  tags?.inside.filter(({ version, landed }) => landed && !isStable(version)) ?? []

/** Whether a mark is not behind the commit up to which is counted. */
function isBefore({ commits }: Ledger, sha: string, upTo: string | undefined): boolean {
  if (upTo === undefined) return true
  const at = (one: string) => commits.findIndex((commit) => commit.sha === one)
  return at(sha) <= at(upTo)
}

/** A stable version never sorts below a prerelease that is behind it: what 2.0.0-rc.1 announced comes out as 2.0.0. */
function floorOf(ledger: Ledger | undefined, current: string | null): string | undefined {
  const cores = (ledger?.tags?.inside ?? []).flatMap(({ version }) => (isStable(version) ? [] : [coreOf(version)]))
  return cores
    .filter((core) => current === null || gt(core, current))
    .reduce<string | undefined>((most, core) => (most === undefined || gt(core, most) ? core : most), undefined)
}

const strayIn = (ledger: Ledger | undefined, range: string): Mark | undefined =>
  ledger?.tags?.inside.find(({ version }) => isStable(version) && !satisfies(version, range))

/**
 * Every version that another release has or may take: tags, what Slipway published, and candidates. A draft claims
 * nothing: of two lines, the one that is cut first keeps the version, and the other moves on.
 */
function knownVersions(state: State, ledger: Ledger | undefined, release: Release): readonly string[] {
  const { inside = [], outside = [] } = ledger?.tags ?? {}
  const others = state.releases.filter((r) => r.id !== release.id && r.component === release.component)
  return [
    ...[...inside, ...outside].map(({ version }) => version),
    ...others.flatMap(({ phase }) => (phase.is === "drafted" ? [] : [phase.candidate.version])),
  ]
}
