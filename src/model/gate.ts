export type GateState = "passed" | "failed" | "pending" | "unknown"

export type GateName =
  | "configuration"
  | "version"
  | "pull request"
  | "manifests"
  | "checks"
  | "code freeze"
  | "stop"
  | "tests"
  | "features"
  | "dependencies"
  | "rollback plan"
  | "checklist"
  | "assets"
  | "approvals"
  | "hold"
  | EntryGateName

/** Conditions of an environment, for what may enter it. `checks`, `approvals` and `hold` have the names of a release's. */
type EntryGateName = "released" | "after" | "soak" | "freshness" | "window" | "rollback"

/** One named condition of a release. Only `passed` passes: unknown is not passed. */
export interface Gate {
  readonly name: GateName
  readonly state: GateState
  readonly because: string
  /** Where a person can see for themselves. */
  readonly evidence?: readonly { readonly text: string; readonly url?: string }[]
}
