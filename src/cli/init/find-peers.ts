import { fromChangesets } from "./changesets.ts"
import type { Clone } from "./clone.ts"
import { fromGitHubNotes } from "./github-notes.ts"
import type { Move } from "./move.ts"
import { fromReleaseDrafter } from "./release-drafter.ts"
import { fromReleasePlease } from "./release-please.ts"
import { fromSemanticRelease } from "./semantic-release.ts"
import { fromStandardVersion } from "./standard-version.ts"

/** What decides versions comes before what only writes notes: where two say the same key, the first is taken. */
const PEERS: readonly ((clone: Clone) => Move | undefined)[] = [
  fromReleasePlease,
  fromSemanticRelease,
  fromChangesets,
  fromStandardVersion,
  fromReleaseDrafter,
  fromGitHubNotes,
]

/** Settings that are programs. They are not run: a file of the repository decides nothing about this machine. */
const PROGRAMS: readonly (readonly [peer: string, pattern: string])[] = [
  ["semantic-release", "{release.config,.releaserc}.{js,cjs,mjs,ts,cts,mts}"],
  ["standard-version", ".versionrc.{js,cjs,mjs}"],
  ["auto", "auto.config.{js,ts}"],
]

export interface Peers {
  readonly moves: readonly Move[]
  /** What was found and not read, one sentence each. */
  readonly unread: readonly string[]
}

/** The peers that a clone has settings of. */
export function findPeers(clone: Clone): Peers {
  const unread = PROGRAMS.flatMap(([peer, pattern]) =>
    clone
      .find(pattern)
      .map(
        (path) =>
          `${path}, of ${peer}, is a program: it was not run, and nothing of it was carried over. Where it only holds settings, write them as JSON (.releaserc.json, .versionrc.json) and call \`slipway init --force\` again.`,
      ),
  )
  return { moves: PEERS.flatMap((from) => from(clone) ?? []), unread }
}
