/** What a release meets in an environment, and how it is there. All instants are ISO 8601. */
export type EnvironmentReply =
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
