import type { Person } from "./change.ts"

/**
 * How somebody belongs to whose repository it is. `guest`: the repository is a person's own, who lets in whom they
 * trust; such accounts have no members. `outside`: an outside collaborator of an organisation, or nobody of it.
 * `suspended`: a site admin suspended the account. `gone`: GitHub shows no such account.
 */
export type Belonging = "member" | "guest" | "outside" | "suspended" | "gone"

/** What GitHub says a person may do here, and which of the teams that the configuration names they are in. */
export interface Standing {
  readonly person: Person
  readonly permission: "admin" | "maintain" | "write" | "triage" | "read" | "none"
  /** By `org/slug`, only teams that somebody asked about; a team that could not be read is absent. */
  readonly teams: { readonly [team: string]: boolean }
  /** Absent: it was kept by a Slipway that did not ask yet; then nobody knows. */
  readonly belongs?: Belonging
  /** ISO 8601: when it was read. */
  readonly at: string
}

/** Whether the word of somebody may count under any rule: outside collaborators' and suspended users' never does. */
export const mayEverCount = ({ belongs }: Pick<Standing, "belongs">): boolean =>
  belongs === "member" || belongs === "guest"

/**
 * Who wrote a change: openers, authors, committers and co-authors of the branch's commits, and whoever pushed a commit
 * that came without a pull request.
 */
export interface Authorship {
  readonly logins: readonly string[]
  /** GitHub's ids of those whose id was told: a new login does not make another person of somebody. */
  readonly ids: readonly string[]
  /** They cannot be covered by anybody: nobody can be shown not to have written them. */
  readonly unknown: readonly Nameless[]
  /**
   * Whether what landed is what its pull request showed: GitHub merged it, squashed it or rebased it, or its very commits
   * landed. Then who reviewed its end has seen all of it. Absent: no.
   */
  readonly asShown?: true
}

/** A commit that somebody wrote of whom nothing certain is known. */
export interface Nameless {
  readonly sha: string
  /** As git has it: anybody can write any name there. */
  readonly name: string
  /**
   * `account`: GitHub knows no account with the e-mail address. `signature`: it came without a pull request, and neither
   * who pushed it nor a verified signature is known. `unlisted`: GitHub does not list the commit. `own branch`: somebody put
   * it on a branch that Slipway writes, in a name that no signature proves.
   */
  readonly because: "account" | "signature" | "unlisted" | "own branch"
}

/** A person's decision on a release, bound to what they saw. */
export interface Approval {
  readonly by: Person
  readonly does: "approve" | "hold"
  /** ISO 8601. */
  readonly at: string
  readonly sha: string
  /** The candidate hash in the `external_id` of the check run that was clicked. */
  readonly candidate: string
}

/** Who is allowed at all, read at install, at a cut, and when a click asks for it. */
export interface Approvers {
  /** Everybody with write permission or more. */
  readonly writers: readonly Person[]
  /** Those of them who can change who is; absent: not read yet. */
  readonly admins?: readonly Person[]
  /** Members of the teams that configuration and plan name, by `org/slug`; unreadable ones are absent. */
  readonly teams: { readonly [team: string]: readonly Person[] }
  /** Those among them that are none, and not only out of sight: deleted, renamed, or of another organisation. */
  readonly gone?: readonly string[]
  /** Logins that the rules name, and whose word never counts as things are: they left, or were never of it. */
  readonly left?: readonly string[]
}

/** The answer to a click, shown on the page that was clicked. */
export interface Answer {
  readonly by: string
  readonly did: string
  readonly counted: boolean
  readonly because: string
  /** ISO 8601. */
  readonly at: string
}
