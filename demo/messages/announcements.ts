import type { Announcement } from "../../src/model/message.ts"
import { AT, listOf, type Words } from "./words.ts"

type State = Announcement["state"]

const SAYS: { readonly [Of in State]: string } = {
  drafted: "Drafted: it follows the branch until the first approval pins a commit",
  cut: "Cut at 3f9d2c7; waits for checks and approvals; ann, ben and 2 more may approve",
  ready: "Ready at 3f9d2c7: every gate is passed",
  held: "On hold by kim since 2026-11-30 10:12 UTC",
  published: "Published by kim on 2026-11-30 10:12 UTC",
  live: "Live in staging since 2026-11-30 10:05 UTC and production since 2026-11-30 10:27 UTC; published by kim",
  failed: "Failed in production on 2026-11-30 10:27 UTC; live in staging since 2026-11-30 10:05 UTC",
  "rolling back": "Being rolled back from production to 1.4.2 by kim",
  "rolled back": "Rolled back from production to 1.4.2 by kim on 2026-11-30 10:31 UTC",
  superseded: "Not released on its own: its changes went into 1.6.0",
}

/** The first message in every state. */
export const sampleAnnouncements = (words: Words): readonly Announcement[] =>
  (Object.keys(SAYS) as State[]).map((state) => announcement(words, state))

/** @param words where there is nothing of anything, what has no plan is left out, as by a repository without one */
function announcement({ text, name, environment, version, url, many }: Words, state: State): Announcement {
  const none = many === 0
  return {
    repository: "acme/shop",
    version,
    previous: none ? null : "1.4.2",
    ...(none ? {} : { name, date: "2026-11-30" }),
    type: "minor",
    state,
    says: SAYS[state],
    features: listOf(many, (at) => ({ id: `PAY-${at}`, name: text, status: "ready", team: name })),
    fixes: none ? { count: 0 } : { critical: 1, high: many, medium: 2 * many },
    counts: { features: many, fixes: many, other: many, breaking: none ? 0 : 1 },
    tests: listOf(many, () => ({ name, state: "pending" })),
    timeline: listOf(many, () => ({ what: name, at: AT })),
    environments: listOf(many, () => ({ name: environment, says: text })),
    links: { release: url, ...(none ? {} : { check: url, plan: url, rollbackProcedure: url }) },
  }
}
