export type GateState = "passed" | "failed" | "pending" | "unknown"

/** Conditions of a release, before it is published. */
export type ReleaseGateName =
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
  | "repositories"
  | "together"
  | "back"
  | "approvals"
  | "hold"

/** Conditions of an environment, for what may enter it. Some have the names of a release's. */
export type EntryGateName =
  | "configuration"
  | "stop"
  | "released"
  | "after"
  | "soak"
  | "checks"
  | "freshness"
  | "coverage"
  | "smoke"
  | "vulnerabilities"
  | "performance"
  | "error budget"
  | "criteria"
  | "window"
  | "planned"
  | "artifact"
  | "attestation"
  | "drill"
  | "rollback"
  | "concurrency"
  | "locked"
  | "hotfix"
  | "back"
  | "approvals"
  | "hold"

export type GateName = ReleaseGateName | EntryGateName

/** One named condition of a release. Only `passed` passes: unknown is not passed. */
export interface Gate {
  readonly name: GateName
  readonly state: GateState
  readonly because: string
  /** Where a person can see for themselves. */
  readonly evidence?: readonly { readonly text: string; readonly url?: string }[]
}
