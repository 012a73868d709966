/** Where the releases of a repository are: its components by its environments. */
export interface Whereabouts {
  /** `owner/name` */
  readonly repository: string
  /** The empty component is the repository as a whole. */
  readonly components: readonly string[]
  /** Those of the configuration in its order, then others in which something was live. */
  readonly environments: readonly string[]
  /** One a component and environment of which something is known. */
  readonly places: readonly Place[]
}

/** One component in one environment. All instants are ISO 8601. */
export interface Place {
  readonly component: string
  readonly environment: string
  readonly live?: PlaceLive
  /** The newest release that was live and verified there, and was not rolled back. */
  readonly good?: { readonly version: string; readonly sha: string; readonly since: string }
  /** It stands at a commit, or a version, that is no release; `live` is what was there before. */
  readonly drift?: { readonly sha: string; readonly ref: string; readonly since: string; readonly by: string }
  readonly locked?: { readonly by: string; readonly at: string; readonly because: string }
}

export interface PlaceLive {
  readonly version: string
  readonly sha: string
  readonly since: string
  /** `live`: nothing is asked of it from then on, so that being there is all there is to show. */
  readonly state: "live" | "verifying" | "verified" | "failed" | "rolling back" | "drill"
  /** No gate let it in. */
  readonly unasked?: true
}
