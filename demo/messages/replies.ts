import type { Reply } from "../../src/model/message.ts"
import { AT, LATER, listOf, OTHER, SHA, type Words } from "./words.ts"

type Samples = { readonly [Is in Reply["is"]]: readonly Extract<Reply, { readonly is: Is }>[] }

/** Replies of every kind, and of each kind in all that it can be. A kind that is new has to be here. */
export function sampleReplies(words: Words): readonly Reply[] {
  const all: Samples = { ...decisions(words), ...ways(words), ...rollbacks(words), ...trouble(words) }
  return Object.values<readonly Reply[]>(all).flat()
}

function decisions({ text, login, version, environment, url, many }: Words) {
  const asks = listOf(many, (at) => (at === 0 ? { login, slack: "U012ABCDEF" } : { login }))
  const asked = { is: "approval asked", version, because: text, asks, more: many, since: AT, check: url } as const
  const gates = listOf(Math.min(many, 10), () => ({ name: environment, because: text }))
  const waits = { is: "waits", version, gates, more: Math.max(0, many - 10), at: AT, check: url } as const
  const by = { by: login, version, sha: SHA, at: AT }
  return {
    cut: [{ is: "cut", ...by }],
    "approval asked": [
      { ...asked, again: 0 },
      { ...asked, environment, again: 2 },
    ],
    waits: [waits, { ...waits, environment }],
    approved: [{ is: "approved", by: login, sha: SHA, at: AT, covers: `covers ${many} changes` }],
    "stood in": [{ is: "stood in", by: login, for: text, at: AT }],
    held: [{ is: "held", by: login, at: AT }],
    "nobody left": [{ is: "nobody left", because: text, waysOut: listOf(many, () => text), environment, asks }],
    recut: [{ is: "recut", ...by }],
    ready: [{ is: "ready", version, sha: SHA }],
    published: [{ is: "published", ...by, url }],
  } satisfies Partial<Samples>
}

function ways({ text, name, login, version, environment, url, many }: Words) {
  const there = { environment, version, sha: SHA, at: AT }
  const row = { is: "row", by: login, out: listOf(many, () => `${name} ${version}`), left: [name], at: AT } as const
  const followed = { is: "followed", version, what: name, at: AT, url } as const
  const back = { is: "back", version, to: name, number: 14, url, at: AT } as const
  const told = { is: "deployed", ...there, url } as const
  return {
    "let in": [{ is: "let in", ...there }],
    "turned away": [{ is: "turned away", ...there, because: text }],
    deployed: [told, { ...told, verifiedFrom: LATER }],
    verified: [{ is: "verified", ...there, since: AT }],
    due: [
      { is: "due", what: name, version, at: AT, open: listOf(many, () => text) },
      { is: "due", what: name, version, at: AT, open: [] },
    ],
    "missed the train": [{ is: "missed the train", version, because: text, due: AT, next: LATER }],
    collides: [{ is: "collides", says: text }],
    row: [
      { ...row, what: "begun" },
      { ...row, what: "stopped", because: text },
      { ...row, what: "out" },
    ],
    elsewhere: [{ is: "elsewhere", place: "acme/api", url, told }],
    followed: [
      { ...followed, state: "succeeded" },
      { ...followed, state: "failed", because: text },
      { ...followed, state: "not started", because: text },
      { ...followed, state: "late" },
    ],
    back: [
      { ...back, state: "opened" },
      { ...back, state: "waits" },
      { ...back, state: "closed" },
      { ...back, state: "refused", because: text },
      { ...back, state: "reached" },
    ],
  } satisfies Partial<Samples>
}

function rollbacks({ text, name, login, version, environment, url, many }: Words) {
  const there = { environment, version, sha: SHA, at: AT }
  const way = { environment, from: version, to: version, at: AT }
  const drill = { is: "drill", ...way, by: login } as const
  const lastKnownGood = { version, sha: OTHER }
  const stays = listOf(many, () => text)
  const asks = listOf(many, (at) => (at === 0 ? { login, slack: "U012ABCDEF" } : { login }))
  const criterion = { is: "criterion", environment, version, name, because: text, asks, at: AT, check: url } as const
  return {
    criterion: [
      { ...criterion, state: "broken", does: "investigate" },
      { ...criterion, state: "broken", does: "pause" },
      { ...criterion, state: "broken", does: "rollback" },
      { ...criterion, state: "kept", does: "pause" },
    ],
    failed: [
      { is: "failed", ...there, because: text, url, lastKnownGood, check: url },
      { is: "failed", ...there, lastKnownGood: null },
    ],
    "rolling back": [
      { is: "rolling back", ...way, by: login, because: text, does: listOf(many, () => name), stays, issue: url },
      { is: "rolling back", ...way, by: login },
    ],
    "rollback left": [{ is: "rollback left", ...way, by: name, because: text, stays, who: text, check: url }],
    "rollback step": [
      { is: "rollback step", environment, state: "failed", says: text, at: AT },
      { is: "rollback step", environment, state: "verifying", says: text, at: AT, until: LATER },
      { is: "rollback step", environment, drill: true, state: "verifying", says: text, at: AT, until: LATER },
      { is: "rollback step", environment, state: "running", says: text, at: AT, url },
    ],
    drill: [
      { ...drill, state: "begun", does: listOf(many, () => name) },
      { ...drill, state: "back" },
      { ...drill, state: "back", because: text },
      { ...drill, state: "passed", back: { live: 72, ended: 372 }, return: { live: 58, ended: 358 } },
      { ...drill, state: "failed", because: text, back: { ended: 300 } },
      { ...drill, state: "broken off", because: text },
      { ...drill, state: "missed", because: text },
    ],
    "second asked": [
      { is: "second asked", environment, version, by: login, until: LATER, asks, more: many, at: AT, check: url },
      { is: "second asked", environment, version, by: login, until: LATER, asks: [], more: 0, at: AT },
    ],
    actions: (["open", "none", "done", "ended", "gone"] as const).map((state) => ({
      is: "actions",
      version,
      state,
      open: state === "open" || state === "ended" ? listOf(Math.min(many, 5), () => text) : [],
      left: state === "open" || state === "ended" ? many : 0,
      all: 2 * many,
      number: 41,
      url,
      at: AT,
    })),
    mended: [{ is: "mended", version, by: version, because: text, at: AT }],
    "rolled back": [
      {
        is: "rolled back",
        service: `acme/${name}`,
        environment,
        from: { version, sha: SHA },
        to: { version, sha: OTHER },
        by: login,
        because: text,
        begun: AT,
        ended: LATER,
        how: text,
        next: text,
      },
    ],
    "rollback failed": [
      { is: "rollback failed", ...way, because: text, url, lastKnownGood, check: url },
      { is: "rollback failed", ...way, because: text, lastKnownGood: null },
    ],
    "post-mortem": [{ is: "post-mortem", environment, version, number: 41, url, at: AT }],
  } satisfies Partial<Samples>
}

function trouble({ text, name, login, version, environment }: Words) {
  const stray = { is: "tag strayed", tag: `v${version}`, version, from: SHA, by: login, at: AT } as const
  return {
    locked: [{ is: "locked", environment, by: login, because: text, at: AT }],
    unlocked: [{ is: "unlocked", environment, by: login, lockedBy: login, because: text, at: AT }],
    stopped: [{ is: "stopped", organisation: name, because: text, by: login, at: AT }],
    "stop lifted": [{ is: "stop lifted", organisation: name, at: AT }],
    "tag strayed": [
      { ...stray, to: OTHER },
      { ...stray, to: null },
    ],
    "went round": [{ is: "went round", says: text, todo: text, by: login, at: AT }],
    "way round ended": [{ is: "way round ended", says: text, at: AT }],
  } satisfies Partial<Samples>
}
