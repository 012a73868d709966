import { own } from "../../model/own.ts"
import { unknownBecause } from "../gates/subject.ts"
import { releaseUrl } from "../links.ts"
import { instant } from "../wording.ts"
import type { Entry, Judged } from "./entry.ts"
import { elsewhere } from "./find-release.ts"

/** Where the tag of the release stands, as this very run has read it; undefined: it has not. */
export const tagRead = ({ run, release }: Pick<Entry, "run" | "release">): string | null | undefined =>
  own(run.facts.learned.tags, release.tag)

/** Why it can never be let in, as what was just read shows; undefined: nothing speaks against it. */
export function tagElsewhere(entry: Entry): string | undefined {
  const at = tagRead(entry)
  // guard: moved-tag
  return at === undefined || at === entry.release.phase.candidate.sha ? undefined : elsewhere(entry.release, at)
}

/** What is deployed is what was published: the commit of a release of Slipway, whose tag still stands there. */
export function releasedGate(entry: Entry): Judged {
  const { state, release, run } = entry
  const { tag, phase } = release
  const evidence = [{ text: tag, url: releaseUrl(run.repo, release) }]
  const unreadable = unknownBecause(state, `tag:${tag}`)
  if (unreadable !== undefined)
    return {
      gate: {
        name: "released",
        state: "unknown",
        because: `where ${tag} stands could not be read: ${unreadable}`,
        evidence,
      },
    }
  const moved = tagElsewhere(entry)
  if (moved !== undefined) return { gate: { name: "released", state: "failed", because: moved, evidence } }
  return {
    gate: {
      name: "released",
      state: "passed",
      because: `${tag} was published by ${phase.by} on ${instant(phase.at)}`,
      evidence,
    },
  }
}
