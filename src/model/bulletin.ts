/** What people are told of a release who follow neither its thread nor its page. Every text is as it came from outside. */
export interface Bulletin {
  /** `owner/name` */
  readonly repository: string
  /** Absent: the repository is one component. */
  readonly component?: string
  readonly version: string
  readonly previous: string | null
  /** The plan's name for it. */
  readonly name?: string
  /** IANA name of the time zone in which its times are shown. */
  readonly zone: string
  readonly news: BulletinNews
  readonly counts: {
    readonly features: number
    readonly fixes: number
    readonly other: number
    readonly breaking: number
  }
  /** What the plan calls its features; those that were dropped are not among them. */
  readonly features: readonly string[]
  /** What the breaking changes say, the first few. */
  readonly breaking: readonly string[]
  /** Where it is on GitHub, or drafts are before it is out. */
  readonly url: string
}

/** What there is to say. All instants are ISO 8601. */
export type BulletinNews =
  | {
      readonly is: "coming"
      /** When the plan wants it out. */
      readonly date?: string
      readonly timeline: readonly { readonly what: string; readonly at: string }[]
    }
  | { readonly is: "published"; readonly at: string; readonly by: string }
  /** Live, and verified where that is asked for. */
  | { readonly is: "live"; readonly environments: readonly { readonly name: string; readonly since: string }[] }
  | {
      readonly is: "rolled back"
      readonly environment: string
      /** The version that is live there again. */
      readonly to: string
      /** What was done instead of that: the release may be live there still. */
      readonly how?: string
      readonly by: string
      readonly at: string
      readonly because?: string
    }

/** An e-mail to one address. */
export interface Mail {
  readonly to: string
  /** Which release it is of, in this repository: e-mails of one release are one thread. */
  readonly release: string
  /** Of the thread: mail clients go by it as well. */
  readonly subject: string
  /** Names what it tells within its thread: letters, digits and hyphens. `announced` is where the thread begins. */
  readonly event: string
  /** ISO 8601: when it was decided. Every attempt bears it. */
  readonly at: string
  readonly bulletin: Bulletin
}

/** A message in a channel of Slack's. */
export interface Post {
  readonly channel: string
  /** The target of an earlier message there that it is a reply to, and that the channel sees all the same. */
  readonly under?: string
  readonly bulletin: Bulletin
}
