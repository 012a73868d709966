import type { CalendarEntry } from "../model/calendar.ts"
import type { Clock } from "../model/clock.ts"
import type { Store } from "../store/open.ts"
import { repositoryStates } from "../store/repository-states.ts"
import type { Served } from "./served.ts"

const DAY_MS = 24 * 60 * 60_000
/** A feed shows what was lately, too: who looks at last week sees when the trains went. */
const FEED_DAYS = { back: 7, ahead: 90 }

interface Shown {
  readonly store: Store
  readonly served: Served
  readonly clock: Clock
}

/** The calendar of an account's releases, from what is known of its repositories; undefined: it has none here. */
export async function accountCalendar({ store, served, clock }: Shown, owner: string): Promise<string | undefined> {
  if (served.serves(owner) === false) return undefined
  const [{ calendarOf }, { renderIcs }] = await Promise.all([
    import("../decide/calendar.ts"),
    import("../render/ics.ts"),
  ])
  const now = clock.now()
  const instant = (days: number) => new Date(now.getTime() + days * DAY_MS).toISOString()
  const span = { from: instant(-FEED_DAYS.back), until: instant(FEED_DAYS.ahead) }
  const entries: CalendarEntry[] = []
  let isKnown = false
  for await (const { repo, state } of repositoryStates(store.db, [owner])) {
    isKnown = true
    entries.push(...calendarOf(repo, state, span))
  }
  return isKnown ? renderIcs(`Releases of ${owner}`, entries, now) : undefined
}
