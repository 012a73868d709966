import { z } from "zod"
import type { Repository } from "../model/repository.ts"
import { storableText } from "../model/storable.ts"

/** What a family needs to know beside the payload. */
export interface Reception {
  /** Our own App's id, as text: by it our check runs are known. */
  readonly appId: string
  /** ISO 8601: when the webhook came; of a press that was missed, when GitHub first tried to deliver it. */
  readonly at: string
  /** Root of GitHub's API, where we use it: `https://api.github.com`. */
  readonly apiUrl: string
}

/** Any text, as it can be stored. */
export const Text = z.string().transform(storableText)

/** GitHub's numeric ids, as text. One beyond 2^53 was damaged by JSON.parse already, and is refused. */
export const Id = z.int().nonnegative().transform(String)

export const Sha = z.string().regex(/^(?:[0-9a-f]{40}|[0-9a-f]{64})$/, "is no commit SHA")

/** An instant with any offset, made UTC so that two of them compare as text. */
export const Instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text).toISOString())

/** A link that a page may show; anything else (`javascript:`, an empty string) is no link. */
export const Link = z
  .string()
  .nullish()
  .transform((text) => (text && /^https?:\/\//i.test(text) ? text : undefined))

/** A kind of account that we have never heard of is not known to be a person: its approval must not count. */
export const Account = z.object({
  login: Text,
  id: Id,
  type: z.enum(["User", "Bot", "Organization", "Mannequin"]).catch("Bot"),
})

/** Whom GitHub shows for a deleted account: https://docs.github.com/en/account-and-profile/reference/personal-account-reference */
export const GHOST = { login: "ghost", id: "10137", type: "User" } as const

const Source = z.object({
  repository: z.object({
    id: Id,
    name: Text,
    html_url: Link,
    owner: z.object({ login: Text }),
    default_branch: Text,
    private: z.boolean(),
  }),
  // Absent from webhooks that a person set up on the repository itself: those are not the App's.
  installation: z.object({ id: Id }),
})

/** The repository that a payload speaks of. @throws ZodError where it names none */
export function repositoryOf(payload: unknown): Repository {
  const { repository, installation } = Source.parse(payload)
  return {
    id: repository.id,
    owner: repository.owner.login,
    name: repository.name,
    defaultBranch: repository.default_branch,
    private: repository.private,
    installation: installation.id,
    ...(repository.html_url ? { url: repository.html_url } : {}),
  }
}
