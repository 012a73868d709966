import type { Clock } from "../model/clock.ts"
import { PeerUnavailable } from "./errors.ts"
import type { Budget } from "./github-budget.ts"

/**
 * Whom a request is for. `people`: somebody pressed, a job waits, or what was decided is carried out. `background`: what
 * can be read as well an hour later.
 */
export type Urgency = "people" | "background"

/** GitHub is not asked for an installation: for a while, or only for people. */
export interface Waiting {
  /** Id of the installation; `app`: the App itself. */
  readonly installation: string
  readonly until: Date
  readonly for: "everybody" | "background"
}

export interface RateLimits {
  /** @throws PeerUnavailable instead of a request that GitHub would refuse, or that has to leave what is left to people */
  admit(installation: string, urgency: Urgency): void
  /** Takes in what an answer said of the budget. `askedAt`: GitHub's own clock at the answer. */
  heard(budget: Budget, askedAt: Date | undefined): void
  /** GitHub refused, and said or means that nothing is to be asked for so long. */
  refused(installation: string, afterSeconds: number): void
  /** Whether so much is left that work which nobody waits for may begin. */
  spares(installation: string): boolean
}

/** Of an hour's limit: what is left at the end is for people, and what nobody waits for ends well before. */
const FOR_PEOPLE = 0.05
const FOR_EVENTS = 0.25

interface Left {
  readonly limit: number
  readonly remaining: number
  /** By our clock. */
  readonly resetAt: number
}

/**
 * Keeps for each installation what GitHub says of its rate limits, so that nobody asks what would be refused: "continuing
 * to make requests while you are rate limited may result in the banning of your integration"
 * (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api#handle-rate-limit-errors-appropriately).
 * A process knows what it has heard itself; another one on the same database hears it with its first request.
 *
 * @param onWait called once for each time that is waited out
 */
export function createRateLimits(clock: Clock, onWait?: (waiting: Waiting) => void): RateLimits {
  const left = new Map<string, Left>()
  const closed = new Map<string, number>()
  const told = new Map<string, number>()

  const known = (installation: string): Left | undefined => {
    const of = left.get(installation)
    if (!of || of.resetAt > clock.now().getTime()) return of
    left.delete(installation)
    return undefined
  }

  const closedUntil = (installation: string): number | undefined => {
    const until = closed.get(installation)
    if (until !== undefined && until <= clock.now().getTime()) closed.delete(installation)
    const of = known(installation)
    const spent = of?.remaining === 0 ? of.resetAt : 0
    const latest = Math.max(closed.get(installation) ?? 0, spent)
    return latest === 0 ? undefined : latest
  }

  /** A second or two of difference is the same wait, told again. */
  function tell(installation: string, until: number, whom: Waiting["for"]): void {
    const name = `${installation} ${whom}`
    if (Math.abs((told.get(name) ?? 0) - until) < 5_000) return
    told.set(name, until)
    onWait?.({ installation, until: new Date(until), for: whom })
  }

  function refuse(installation: string, until: number, because: string): never {
    const afterSeconds = Math.max(1, Math.ceil((until - clock.now().getTime()) / 1_000))
    const when = new Date(until).toISOString().slice(0, 19)
    throw new PeerUnavailable({
      is: "limited",
      afterSeconds,
      message: `${because} of ${nameOf(installation)} until ${when}Z`,
    })
  }

  return {
    admit(installation, urgency) {
      const until = closedUntil(installation)
      if (until !== undefined) {
        tell(installation, until, "everybody")
        refuse(installation, until, "nothing is asked of GitHub: it has used up the rate limit")
      }
      const of = known(installation)
      if (urgency === "people" || !of || of.remaining > of.limit * FOR_PEOPLE) return
      tell(installation, of.resetAt, "background")
      refuse(
        installation,
        of.resetAt,
        `the last ${of.remaining} requests to GitHub are kept for people, by the rate limit`,
      )
    },
    heard({ installation, resource, limit, remaining, resetAt }, askedAt) {
      if (resource !== "core") return
      const now = clock.now().getTime()
      const before = known(installation)
      const ours = now + Math.max(0, resetAt.getTime() - (askedAt?.getTime() ?? now))
      // Answers overtake each other: of the same hour the least counts.
      const isSame = before !== undefined && Math.abs(before.resetAt - ours) < 5_000
      left.set(installation, {
        limit,
        resetAt: ours,
        remaining: isSame ? Math.min(before.remaining, remaining) : remaining,
      })
    },
    refused(installation, afterSeconds) {
      const until = clock.now().getTime() + afterSeconds * 1_000
      closed.set(installation, Math.max(until, closed.get(installation) ?? 0))
    },
    spares(installation) {
      if (closedUntil(installation) !== undefined) return false
      const of = known(installation)
      return !of || of.remaining > of.limit * FOR_EVENTS
    },
  }
}

const nameOf = (installation: string): string => (installation === "app" ? "the App" : `installation ${installation}`)
