import { z } from "zod"
import { repository, text, version } from "./field.ts"
import type { Gate } from "./gate.ts"
import type { Reply } from "./message.ts"

const MOST = 50

const entry = z
  .strictObject({
    repo: repository.describe("A repository of the same account, with the App installed"),
    component: text.exactOptional().describe("In a repository of several components: which one"),
    version,
  })
  .transform(({ component = "", ...rest }): Place => ({ ...rest, component }))

/** The releases that come out together, in the order of their publication; a repository's component stands once. */
export const places = z
  .array(entry)
  .min(1, { error: "must name at least one release such as `{ repo: acme/api, version: 1.4.0 }`", abort: true })
  .max(MOST, { error: `must name at most ${MOST} releases`, abort: true })
  .superRefine((list, context) => {
    const seen = new Map<string, number>()
    list.forEach((place, index) => {
      const first = seen.get(componentAt(place))
      if (first === undefined) seen.set(componentAt(place), index)
      else
        context.addIssue({
          code: "custom",
          path: [index, "repo"],
          message: `${componentAt(place)} is listed twice; the first is number ${first + 1}`,
        })
    })
  })

/** One release of several repositories' one. The empty component is the repository as a whole. */
export interface Place {
  readonly repo: string
  readonly component: string
  readonly version: string
}

/** What repositories are known by to each other: GitHub's names do not differ by case. */
export const neighbourKey = (name: string): string => name.toLowerCase()

export const isSameRepository = (one: string, other: string): boolean => neighbourKey(one) === neighbourKey(other)

const componentAt = ({ repo, component }: Pick<Place, "repo" | "component">): string =>
  component === "" ? neighbourKey(repo) : `${neighbourKey(repo)} (${component})`

/** `acme/api 1.4.0`, `acme/api core 1.4.0`. */
export const placeName = ({ repo, component, version }: Place): string =>
  [repo, component, version].filter((part) => part !== "").join(" ")

/** What a key listens to in order to hear of a repository, or of one of its issues (`owner/repo#812`). */
export const repositorySubject = (name: string): string => `repository:${neighbourKey(name)}`
export const issueSubject = (ref: string): string => `issue:${neighbourKey(ref)}`

/**
 * What a repository shows to those of its account that release together with it. It is part of its state, so that what
 * they read is what it decided last, and no message between them can be lost, replayed or overtaken.
 */
export interface Face {
  /** Releases of lines that let another repository's plan name them. */
  readonly offers: readonly Offer[]
  /** Releases whose plans name others. */
  readonly leads: readonly Lead[]
  /** Features of its plans, and those that are out. */
  readonly features?: readonly ShownFeature[]
  /** By `neighbourKey`: whose plans may name its releases, and need its features where it is private. */
  readonly lets?: readonly string[]
  /** Why that may not be all: files of a branch were never read, or cannot be read now. */
  readonly unread?: string
}

/** A feature as other repositories' plans may need it; `component` and `version`: of the release that it comes, or came, out with. */
export interface ShownFeature {
  readonly id: string
  readonly component: string
  readonly version?: string
  readonly is: "open" | "ready" | "out" | "dropped" | "unknown"
  /** The end of a sentence that begins with its id. */
  readonly because: string
}

/** A release that may go with another repository's, and how far it is. */
export interface Offer extends Omit<Place, "repo"> {
  readonly sha: string
  readonly is: "drafted" | "cut" | "publishing" | "published"
  /** Its page. */
  readonly url: string
  /** By `neighbourKey`: whose plans may name it. */
  readonly lets: readonly string[]
  /** Its commit is pinned, or will be by Slipway itself once its turn comes. */
  readonly isPinned: boolean
  /** Its own plan names other repositories' releases. */
  readonly leads: boolean
  /** Its gates that are not passed, but for the one that waits for the row. */
  readonly open: readonly Pick<Gate, "name" | "state" | "because">[]
  readonly answer?: RowAnswer
  /** What would stand in a thread of its own. */
  readonly news: readonly News[]
}

export interface News {
  readonly key: string
  readonly reply: Reply
}

/** What a release says to a row that it stands in: to its question, or to its turn. */
export interface RowAnswer {
  readonly row: string
  readonly sha: string
  readonly is: "ready" | "not ready" | "failed"
  readonly because?: string
}

/** A release whose plan names those that come out with it. */
export interface Lead {
  readonly release: string
  readonly component: string
  readonly version: string
  readonly url: string
  readonly places: readonly Place[]
  readonly row?: Row
  /** It came out in its turn, and what its row has left did not yet. */
  readonly isOut?: true
}

/**
 * One publication of several releases. `asking`: each is asked to look at its gates afresh, and nothing is out. `going`:
 * the turn is the place's with that number, from 0; those before it are out. `stopped`: at that place, or before the first.
 */
export type Row = {
  /** Unique for ever: a press of Publish. */
  readonly id: string
  readonly by: string
  /** ISO 8601. */
  readonly asked: string
  /** ISO 8601: since when it asks, or waits for the one whose turn it is. */
  readonly since: string
  /** In the order of publication, with the commits that were ready when Publish was pressed. */
  readonly places: readonly (Place & { readonly sha: string; readonly isOut: boolean })[]
} & (
  | { readonly is: "asking" }
  | { readonly is: "going"; readonly turn: number }
  | { readonly is: "stopped"; readonly at: number | null; readonly because: string }
  | { readonly is: "out" }
)

/** What was read of another repository. `face`: null where it neither leads nor lets itself be led. */
export type Neighbour =
  | { readonly is: "seen"; readonly isPrivate: boolean; readonly face: Face | null }
  | { readonly is: "unseen"; readonly because: string }
