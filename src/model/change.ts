import type { Voice } from "./voice.ts"

/** The push that brought a commit to its branch: GitHub's word, while author and date of a commit are its author's. */
export interface Push {
  readonly by: Pick<Person, "login" | "id">
  /** ISO 8601: when GitHub took it in. */
  readonly at: string
}

/** A commit as a push payload, the REST API or `git log` tells it. */
export interface Commit {
  readonly sha: string
  /** Subject, blank line, body: whole. */
  readonly message: string
  /** GitHub login; absent where GitHub does not know the e-mail address. */
  readonly author?: string
  /** GitHub's id of the author as text; a push payload names only logins. */
  readonly authorId?: string
  readonly authorName: string
  readonly committer?: string
  readonly committerId?: string
  readonly committerName?: string
  /** ISO 8601, of the commit. */
  readonly at: string
  /** Known from a read-back or from git, not from a push payload. */
  readonly parents?: readonly string[]
  /** The branch head that this commit came to the branch with: a push's `after`, or its first-parent commit. */
  readonly landing: string
  /** Absent where no webhook told of it. */
  readonly push?: Push
  /** Paths from the repository's root that it touched. Absent where nobody told, or where no rule asks for paths. */
  readonly files?: readonly string[]
  /** Whether GitHub verified its signature. Known from a read-back, not from a push payload. */
  readonly verified?: boolean
  /** What its message says, where that was read already: a clone's are read while git is still writing. */
  readonly heard?: readonly Voice[]
}

/** A merged pull request, as `pull_request.closed` or the list of pull requests tells it. */
export interface Pull {
  readonly number: number
  readonly title: string
  readonly labels: readonly string[]
  readonly author: Person
  readonly mergeSha: string
  /** How many commits its branch had; what a rebase merge puts on the base branch. Absent in lists of pull requests. */
  readonly commits?: number
  readonly headSha: string
  readonly mergedAt: string
  /** The branch of this very repository that it came from, where it is one that Slipway writes (`slipway/release/main`). */
  readonly from?: string
  /** What its description says that counts; the description itself is not kept. */
  readonly says?: PullSays
  /** GitHub called its author a first-time contributor when it was merged. Absent: it did not say so, or nobody heard. */
  readonly firstTime?: boolean
  /** What its title says, where that was read already, as a commit's message is. */
  readonly heard?: readonly Voice[]
}

/** What counts of a pull request's description. */
export interface PullSays {
  /** Conventional messages between the override markers: they stand in the place of title and commits. */
  readonly override?: string
  /** Lines that state a version or a bump, as in a commit's footers: `Release-As: 2.0.0`, `slipway: minor`. */
  readonly footers?: string
  /** Pull requests of this repository that it takes back: GitHub's Revert button writes `Reverts owner/repo#12`. */
  readonly reverts?: readonly number[]
  /** Issues of this repository that merging it closed, by GitHub's closing keywords. */
  readonly closes?: readonly number[]
}

/** A pull request that is open: what is known of it before it is merged. */
export type Proposal = Omit<Pull, "mergeSha" | "mergedAt">

export interface Person {
  readonly login: string
  /** GitHub's numeric id as text: a rename does not change it. */
  readonly id: string
  readonly type: "User" | "Bot" | "Organization" | "Mannequin"
}

/** A merged PR, or a direct commit where there is none: what is released, approved and noted as one. */
export interface Change {
  /** `#12` or a full SHA. */
  readonly id: string
  /** The commit on the branch with which it is complete. */
  readonly sha: string
  /** What it brought to the branch, oldest first; a squash is one commit, a merge commit stands last. */
  readonly commits: readonly Commit[]
  readonly pull?: Pull
}
