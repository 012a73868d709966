/**
 * What somebody did, or what stands open, by which a release or a deployment can go round Slipway. It is kept until what
 * it speaks of is forgotten; the audit keeps it for good.
 */
export interface Finding {
  /** Unique in the repository: what is found again under it is not told again while it stands. */
  readonly id: string
  readonly kind: FindingKind
  /** One sentence: what was found. Text from outside in it is plain, not escaped. */
  readonly says: string
  /** What closes it: a setting, or what to look at. */
  readonly todo: string
  /** Who did it, where that is known. */
  readonly by?: string
  /** ISO 8601. */
  readonly at: string
  /** The release on whose page and in whose thread it stands; absent: the repository as a whole. */
  readonly release?: string
  /** Set once it does not stand any more: how that came. */
  readonly ended?: { readonly at: string; readonly says: string }
}

export type FindingKind =
  | "published by hand"
  | "tag made"
  | "tag moved"
  | "tag deleted"
  | "deployed around"
  | "deployed unnamed"
  | "way opened"
  | "way unseen"
