import type { Pull } from "./change.ts"
import { closedIn } from "./closes.ts"
import { statedIn } from "./stated-in.ts"

/** What GitHub tells of a merged pull request beside the fields that are kept as they are. */
export interface Described {
  /** The description, null where it has none. */
  readonly body: string | null
  /** https://docs.github.com/en/graphql/reference/enums#commentauthorassociation */
  readonly association?: string | undefined
  /** `owner/name` of the repository. */
  readonly repository: string
}

/** What counts of a pull request's description and of its author's standing; the description itself is not kept. */
export function describedIn({ body, association, repository }: Described): Pick<Pull, "says" | "firstTime"> {
  const closes = body === null ? [] : closedIn(body, repository)
  const says = { ...(closes.length > 0 ? { closes } : {}), ...(body === null ? {} : statedIn(body, repository)) }
  return {
    ...(Object.keys(says).length > 0 ? { says } : {}),
    ...(association !== undefined && FIRST.includes(association) ? { firstTime: true } : {}),
  }
}

/**
 * `FIRST_TIMER`: never committed to GitHub before. `FIRST_TIME_CONTRIBUTOR`: never to this repository. Whoever belongs
 * to the organisation is a `MEMBER` from their first pull request on: of them it says nothing.
 */
const FIRST = ["FIRST_TIME_CONTRIBUTOR", "FIRST_TIMER"]
