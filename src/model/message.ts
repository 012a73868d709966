/** The first message of a release's Slack thread, always true to the present state. */
export interface Announcement {
  readonly repository: string
  /** Scheme and host of the GitHub that it is on; absent: github.com. */
  readonly webUrl?: string
  /** Absent: the repository is one component. */
  readonly component?: string
  readonly version: string
  readonly previous: string | null
  readonly name?: string
  /** ISO date of the plan, where there is one. */
  readonly date?: string
  /** patch, minor, major or hotfix. */
  readonly type: string
  readonly state:
    | "drafted"
    | "cut"
    | "ready"
    | "held"
    | "published"
    | "live"
    | "failed"
    | "rolling back"
    | "rolled back"
    | "superseded"
  /** One sentence: what and whom it waits for, where it is live since when, what it was rolled back to. */
  readonly says: string
  readonly features: readonly {
    readonly id: string
    readonly name: string
    readonly status: string
    readonly team?: string
  }[]
  /** From the plan; without one, counted from the changes. */
  readonly fixes:
    | { readonly critical: number; readonly high: number; readonly medium: number }
    | { readonly count: number }
  readonly counts: {
    readonly features: number
    readonly fixes: number
    readonly other: number
    readonly breaking: number
  }
  readonly tests: readonly { readonly name: string; readonly state: "passed" | "failed" | "pending" | "unknown" }[]
  readonly timeline: readonly { readonly what: string; readonly at: string }[]
  readonly environments: readonly { readonly name: string; readonly says: string }[]
  readonly links: {
    /** Where its notes are. */
    readonly release: string
    readonly plan?: string
    readonly check?: string
    readonly rollbackProcedure?: string
  }
}

/** A reply in the thread of a release: something happened. All instants are ISO 8601. */
export type Reply =
  | Asked
  | { readonly is: "approved"; readonly by: string; readonly sha: string; readonly at: string; readonly covers: string }
  /** An admin's approval, in the place of people (`for`) of whom too few are left who can give one. */
  | { readonly is: "stood in"; readonly by: string; readonly for: string; readonly at: string }
  | { readonly is: "held"; readonly by: string; readonly at: string }
  | { readonly is: "cut"; readonly by: string; readonly version: string; readonly sha: string; readonly at: string }
  | { readonly is: "recut"; readonly by: string; readonly version: string; readonly sha: string; readonly at: string }
  | { readonly is: "ready"; readonly version: string; readonly sha: string }
  | {
      readonly is: "published"
      readonly by: string
      readonly version: string
      readonly sha: string
      readonly at: string
      readonly url: string
    }
  | {
      readonly is: "deployed"
      readonly environment: string
      readonly version: string
      readonly sha: string
      readonly at: string
      /** ISO 8601: it is verified from now on, until then at least. */
      readonly verifiedFrom?: string
      readonly url?: string
    }
  /** It was live, and stayed well for as long as its environment asks. `since`: when it went live. */
  | {
      readonly is: "verified"
      readonly environment: string
      readonly version: string
      readonly sha: string
      readonly since: string
      readonly at: string
    }
  | {
      readonly is: "failed"
      readonly environment: string
      readonly version: string
      readonly sha: string
      readonly at: string
      /** Why, where it was live already: what its verification found. */
      readonly because?: string
      readonly url?: string
      readonly lastKnownGood: { readonly version: string; readonly sha: string } | null
      /** The check run that carries the `Roll back` button. */
      readonly check?: string
    }
  | {
      readonly is: "rolling back"
      readonly environment: string
      readonly from: string
      readonly to: string
      readonly by: string
      readonly at: string
      /** Absent in what was written before it was said. */
      readonly because?: string
      /** What is tried, one after the other until it helped. */
      readonly does?: readonly string[]
      /** What it does not undo. */
      readonly stays?: readonly string[]
    }
  /** A criterion asks for a rollback that cannot undo everything: people decide. */
  | {
      readonly is: "rollback left"
      readonly environment: string
      readonly from: string
      readonly to: string
      readonly by: string
      readonly because: string
      readonly stays: readonly string[]
      /** Who may, as the end of a sentence. */
      readonly who: string
      readonly at: string
      readonly check?: string
    }
  | {
      /** What is live does not keep to a criterion of its environment, or does so again. */
      readonly is: "criterion"
      readonly environment: string
      readonly version: string
      readonly name: string
      readonly state: "broken" | "kept"
      readonly does: "investigate" | "pause" | "rollback"
      /** With its figures; empty where it is kept to. */
      readonly because: string
      /** Who is on call; with their ID in Slack, where the configuration knows it. */
      readonly asks: readonly { readonly login: string; readonly slack?: string }[]
      readonly at: string
      readonly check?: string
    }
  | RollbackNotice
  | {
      readonly is: "tag strayed"
      readonly tag: string
      readonly version: string
      readonly from: string
      /** null: it was deleted. */
      readonly to: string | null
      readonly by: string
      readonly at: string
    }
  | {
      /** Somebody went round Slipway. */
      readonly is: "went round"
      readonly says: string
      readonly todo: string
      readonly by?: string
      readonly at: string
    }
  /** An organisation stopped all releases. `at`: since when. */
  | {
      readonly is: "stopped"
      readonly organisation: string
      readonly because: string
      readonly by?: string
      readonly at: string
    }
  | { readonly is: "stop lifted"; readonly organisation: string; readonly at: string }
  | {
      /** Nobody who may approve is left that did not write it. */
      readonly is: "nobody left"
      readonly because: string
      readonly waysOut: readonly string[]
      /** Into which it cannot be let; absent: the release itself. */
      readonly environment?: string
      /** Who can change it; with their ID in Slack, where the configuration knows it. */
      readonly asks: readonly { readonly login: string; readonly slack?: string }[]
    }
  /** Another release is planned for the same environment at the same time. */
  | { readonly is: "collides"; readonly says: string }
  /** What the plan set a time for has come. `open`: what still holds up the release that it is about. */
  | {
      readonly is: "due"
      readonly what: string
      readonly version: string
      readonly at: string
      readonly open: readonly string[]
    }
  /** It was not published when it was due. `next`: when it departs the next time; null: never. */
  | {
      readonly is: "missed the train"
      readonly version: string
      readonly because: string
      readonly due: string
      readonly next: string | null
    }
  /** What holds it up: gates of the release, or of the environment that it waits to enter. `more`: gates not shown. */
  | {
      readonly is: "waits"
      readonly version: string
      readonly environment?: string
      readonly gates: readonly { readonly name: string; readonly because: string }[]
      readonly more: number
      readonly at: string
      readonly check?: string
    }
  /** A deployment that waited at an environment goes on. */
  | {
      readonly is: "let in"
      readonly environment: string
      readonly version: string
      readonly sha: string
      readonly at: string
    }
  | {
      readonly is: "turned away"
      readonly environment: string
      readonly version: string
      readonly sha: string
      readonly at: string
      readonly because: string
    }
  /** The issue that a rollback opened. */
  | {
      readonly is: "post-mortem"
      readonly environment: string
      readonly version: string
      readonly number: number
      readonly url: string
      readonly at: string
    }
  /** Several repositories' releases come out one after the other; each is named with its version. */
  | {
      readonly is: "row"
      readonly what: "begun" | "stopped" | "out"
      readonly by: string
      readonly out: readonly string[]
      readonly left: readonly string[]
      readonly because?: string
      readonly at: string
    }
  /** What another repository's release has to tell, of those that come out with this one. */
  | { readonly is: "elsewhere"; readonly place: string; readonly url: string; readonly told: Reply }
  /** The way of a hotfix to the main branch (`to`). `waits`: it is reminded of. */
  | {
      readonly is: "back"
      readonly state: "opened" | "waits" | "closed" | "refused" | "reached"
      readonly version: string
      readonly to: string
      readonly number?: number
      readonly url?: string
      readonly because?: string
      readonly at: string
    }
  /** An environment; `because`: why it is, or was, locked. */
  | {
      readonly is: "locked"
      readonly environment: string
      readonly by: string
      readonly because: string
      readonly at: string
    }
  | {
      readonly is: "unlocked"
      readonly environment: string
      readonly by: string
      readonly lockedBy: string
      readonly because: string
      readonly at: string
    }
  | { readonly is: "way round ended"; readonly says: string; readonly at: string }
  | {
      readonly is: "followed"
      readonly version: string
      /** What was started when the release came out: a workflow's file, or an event's type. */
      readonly what: string
      readonly state: "succeeded" | "failed" | "not started" | "late"
      readonly because?: string
      readonly at: string
      readonly url?: string
    }
  | {
      readonly is: "rollback failed"
      readonly environment: string
      readonly from: string
      readonly to: string
      readonly at: string
      readonly because: string
      readonly url?: string
      /** The next older good release; null: there is none. */
      readonly lastKnownGood: { readonly version: string; readonly sha: string } | null
      /** The check run that carries the `Roll back` button. */
      readonly check?: string
    }
  /** How a rollback goes on. `until`: ISO 8601, when it is decided whether it was enough. */
  | {
      readonly is: "rollback step"
      readonly environment: string
      readonly state: "failed" | "verifying" | "worked"
      readonly says: string
      readonly at: string
      readonly until?: string
      /** Of the pull request that somebody has to merge. */
      readonly url?: string
    }

/** Somebody's approval is waited for. */
export interface Asked {
  readonly is: "approval asked"
  readonly version: string
  /** Absent: it is for the release itself. */
  readonly environment?: string
  readonly because: string
  /** Who may approve and has not; with their ID in Slack, where the configuration knows it. */
  readonly asks: readonly { readonly login: string; readonly slack?: string }[]
  /** How many more may. */
  readonly more: number
  /** ISO 8601: when the wait began. */
  readonly since: string
  /** How many times they were asked before. */
  readonly again: number
  readonly check?: string
}

/** The rollback notice: service, environment, from, to, by whom, when, and what comes next. */
export interface RollbackNotice {
  readonly is: "rolled back"
  readonly service: string
  readonly environment: string
  readonly from: { readonly version: string; readonly sha: string }
  readonly to: { readonly version: string; readonly sha: string }
  readonly by: string
  readonly because: string
  readonly begun: string
  readonly ended: string
  /** Where the earlier release was not deployed: what was done. */
  readonly how?: string
  readonly next: string
}

/** The issue that a rollback opens. */
export interface PostMortem {
  readonly notice: RollbackNotice
  readonly timeline: readonly { readonly at: string; readonly what: string }[]
  readonly changes: readonly { readonly text: string; readonly number?: number; readonly author?: string }[]
  readonly releaseUrl: string
}

/** What a pull request or an issue is told of the release that it is in. */
export interface ReleasedComment {
  readonly repositoryId: string
  readonly release: string
  readonly version: string
  readonly tag: string
  readonly url: string
  /** Of an issue: the pull request that closed it. */
  readonly by?: number
}
