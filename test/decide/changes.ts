import type { Change, Commit, Person, Pull } from "../../src/model/change.ts"

let counter = 0

/** A commit with a SHA of its own; a test that depends on one states it. */
export function commit(message: string, more: Partial<Commit> = {}): Commit {
  counter += 1
  const sha = more.sha ?? counter.toString(16).padStart(7, "0").repeat(6).slice(0, 40)
  return { sha, message, author: "lea", authorName: "Lea", at: "2026-11-01T10:00:00Z", landing: sha, ...more }
}

/** A direct commit. */
export function direct(message: string, more: Partial<Commit> = {}): Change {
  const only = commit(message, more)
  return { id: only.sha, sha: only.sha, commits: [only] }
}

export const person = (login: string, type: Person["type"] = "User"): Person => ({ login, id: `id-${login}`, type })

interface Merged {
  readonly title: string
  readonly commits?: readonly (string | Commit)[]
  readonly labels?: readonly string[]
  readonly author?: Person
}

/** A merged pull request; without commits of its own it was squashed under its title. */
export function merged(number: number, { title, commits, labels = [], author = person("lea") }: Merged): Change {
  const own = (commits ?? [`${title} (#${number})`]).map((one) => (typeof one === "string" ? commit(one) : one))
  const sha = own.at(-1)?.sha ?? ""
  const pull: Pull = { number, title, labels, author, mergeSha: sha, headSha: sha, mergedAt: "2026-11-01T10:00:00Z" }
  return { id: `#${number}`, sha, commits: own, pull }
}
