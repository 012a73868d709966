import type { Notes } from "../model/notes.ts"
import { own } from "../model/own.ts"
import type { Release } from "../model/release.ts"
import { releaseFiles } from "../model/release-files.ts"
import { fullName } from "../model/repository.ts"
import type { Line } from "../model/state.ts"
import { versionOf } from "./candidate.ts"
import { companionLines } from "./companions.ts"
import { hostUrl } from "./links.ts"
import { buildNotes, withLines } from "./notes.ts"
import { configOf, githubNotesOf } from "./plan-of.ts"
import { withSums } from "./release-assets.ts"
import { changesOfRelease } from "./release-changes.ts"
import type { Run } from "./run.ts"

/** What is written of a release: of its changes while it is open, kept afterwards. */
export function notesOf(run: Run, release: Release): Notes {
  if (release.phase.is === "published") return release.phase.notes
  const line = own(run.state.lines, release.branch)
  if (!line) throw new Error(`release ${release.id} is on ${release.branch}, which is not known`)
  return withSums(run, release, notesAt(run, line, release, versionOf(release)))
}

/** What would be written of a release if its line were this; a release without a version is the next one. */
export const notesOn = (run: Run, line: Line, release: Release): Notes =>
  notesAt(run, line, release, release.next.next ?? "next")

export function notesAt(run: Run, line: Line, release: Release, version: string): Notes {
  const config = configOf(line)
  const { previous } = release
  const notes = buildNotes({
    changes: changesOfRelease(line, release),
    version,
    previous: previous && { version: previous.version, tag: previous.tag },
    tag: release.tag,
    repository: fullName(run.repo),
    webUrl: hostUrl(run.repo),
    config,
    earlier: run.state.contributors,
    github: githubNotesOf(line),
  })
  const { changelog } = releaseFiles(config, release.component, line.workspace)
  return {
    ...withLines(notes, companionLines(release.next.with ?? [])),
    ...(changelog === undefined ? {} : { changelog }),
  }
}
