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
  | "assets"
  | "approvals"
  | "hold"

/** One named condition of a release. Only `passed` passes: unknown is not passed. */
export interface Gate {
  readonly name: GateName
  readonly state: GateState
  readonly because: string
  /** Where a person can see for themselves. */
  readonly evidence?: readonly { readonly text: string; readonly url?: string }[]
}
