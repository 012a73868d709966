/** What an issue names: its title as it is, and each field of its body as often as it stands there, different ones alone. */
export interface IncidentText {
  readonly title: string
  readonly release: readonly string[]
  readonly environment: readonly string[]
  readonly component: readonly string[]
  /** The release to go back to. */
  readonly to: readonly string[]
  readonly because: readonly string[]
}

/** An issue that was labelled as an incident, and what came of it. Instants are ISO 8601. */
export interface Incident {
  /** The login of who put the label on it. */
  readonly by: string
  readonly at: string
  /** When GitHub put it on; absent in what was kept before that was known. */
  readonly since?: string
  readonly stands: IncidentStands
}

/** The label of incidents was taken off an issue. `since`: ISO 8601, when GitHub did it. */
export interface LabelOff {
  readonly by: string
  readonly since: string
}

export type IncidentStands =
  | { readonly is: "refused"; readonly because: string }
  /** The label was taken off before anything was begun. */
  | { readonly is: "taken back"; readonly by: string }
  /** One of two people asked for it. `place` is as `placeOf` says it, `release` an id. */
  | {
      readonly is: "waits"
      readonly place: string
      readonly release: string
      readonly version: string
      readonly until: string
      readonly check: string
    }
  | { readonly is: "lapsed"; readonly place: string; readonly version: string; readonly because: string }
  | RollbackAskedFor

/** The rollback that was begun, as it stands. */
export interface RollbackAskedFor {
  readonly is: "running" | "done" | "failed"
  /** Its id. */
  readonly rollback: string
  /** The id of the release that was left. */
  readonly release: string
  readonly place: string
  readonly from: string
  readonly to: string
  readonly by: string
  /** The page of the release that was left. */
  readonly check: string
  readonly ended?: string
  /** Why it failed; of one that is done, how, where the earlier release was not deployed. */
  readonly detail?: string
  /** The number of its issue. */
  readonly postMortem?: number
}

/** The one comment on such an issue. */
export interface IncidentComment {
  readonly repositoryId: string
  readonly issue: number
  readonly by: string
  readonly stands: IncidentStands
}
