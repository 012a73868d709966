/** What of a repository's settings could be read, or why not. */
export type Sight<T> = { readonly is: "seen"; readonly value: T } | { readonly is: "unseen"; readonly because: string }

/** The settings at GitHub that decide whether people can go round Slipway. */
export interface Protection {
  /** Active rulesets on tags. */
  readonly tags: Sight<readonly TagRuleset[]>
  /** Checks that the default branch requires, by name. */
  readonly required: Sight<readonly string[]>
  /** How many people may write, and so publish a draft by hand. */
  readonly writers: Sight<number>
  /** By the name that the configuration gives it. */
  readonly environments: { readonly [name: string]: Sight<EnvironmentSettings> }
}

export interface TagRuleset {
  readonly name: string
  /** Patterns of whole refs, such as `refs/tags/v*`, or `~ALL`. */
  readonly include: readonly string[]
  readonly exclude: readonly string[]
  /** `creation`, `update`, `deletion` … */
  readonly rules: readonly string[]
  /** Whether Slipway itself may bypass it, where GitHub says so. */
  readonly mayBypass?: boolean
  /** Who else may, which GitHub tells only to who may change it. */
  readonly others?: readonly string[]
}

export interface EnvironmentSettings {
  /** False: GitHub makes it, without any rule, when something is first deployed there. */
  readonly exists: boolean
  /** Whether Slipway's own deployment protection rule is switched on. */
  readonly rule: boolean
  /** Absent: GitHub did not say. */
  readonly adminsBypass?: boolean
}

/** A way round Slipway: whether a setting at GitHub closes it. */
export interface Way {
  /** Unique in the repository, and the same at each look. */
  readonly id: string
  /** What it is about, in a few words: `tags v*`, `production: administrators`. */
  readonly name: string
  /** `unseen`: what cannot be seen is not taken for closed. */
  readonly is: "closed" | "open" | "unseen"
  readonly says: string
  /** The setting that closes it, or where to look. */
  readonly closes?: string
}
