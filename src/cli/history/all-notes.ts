import { buildNotes } from "../../decide/notes.ts"
import { nextVersion } from "../../decide/version.ts"
import type { Config } from "../../model/config.ts"
import type { Notes } from "../../model/notes.ts"
import { tagOf } from "../../model/tag.ts"
import { shortSha } from "../../render/words.ts"
import { type Clone, originOf } from "../read-clone.ts"
import { componentsAt } from "./components-at.ts"
import { type History, type PastRelease, readHistories } from "./past-releases.ts"

/** The notes of one release of a history. */
export interface PastNotes {
  /** Empty where the repository has no components. */
  readonly component: string
  readonly notes: Notes
}

/**
 * The notes of every release that a commit reaches, as Slipway would have written them, newest first; what is not
 * released yet stands before them. Made one by one, so that a long history is never held as text.
 * @param to a ref
 */
export async function readAllNotes(clone: Clone, config: Config, to: string): Promise<Iterable<PastNotes>> {
  const [origin, histories] = await Promise.all([
    originOf(clone),
    componentsAt(clone, config, to).then((components) => readHistories(clone, { components, config, to })),
  ])
  return build(histories, { config, ...origin })
}

interface Setting {
  readonly config: Config
  readonly repository: string
  readonly webUrl: string
}

function* build(histories: readonly History[], setting: Setting): Generator<PastNotes> {
  for (const history of histories) {
    const notes = unreleasedNotes(history, setting)
    if (notes) yield { component: history.component.name, notes }
  }
  // Each history is in order; only several of them have to be put into one.
  const releases = histories.flatMap((history) => history.releases)
  if (histories.length > 1) releases.sort((a, b) => Date.parse(b.at) - Date.parse(a.at))
  for (const release of releases) yield { component: release.component, notes: notesOf(release, setting) }
}

const notesOf = (release: PastRelease, setting: Setting): Notes =>
  buildNotes({
    changes: release.since(release.previous),
    version: release.version,
    previous: release.previous,
    tag: release.tag,
    date: dayOf(release.at),
    ...setting,
  })

function unreleasedNotes({ unreleased, component }: History, setting: Setting): Notes | null {
  if (!unreleased || unreleased.changes.length === 0) return null
  const { base, changes, head } = unreleased
  const { next } = nextVersion({ changes, current: base?.version ?? null, config: setting.config })
  const tag = next === null ? shortSha(head.sha) : tagOf(next, component.tag)
  return buildNotes({ changes, version: next ?? "Unreleased", previous: base, tag, date: dayOf(head.at), ...setting })
}

/** In UTC, so that the same clone gives the same notes everywhere. */
const dayOf = (instant: string): string => new Date(instant).toISOString().slice(0, 10)
