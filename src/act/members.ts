import type { Reply } from "../model/message.ts"
import type { Repository } from "../model/repository.ts"
import type { GitHub } from "../peers/github.ts"
import type { SlackClient } from "../peers/slack.ts"

/** Who somebody on GitHub is in Slack: a member's ID; undefined: nobody knows. Never throws. */
export type FindMember = (
  repo: Repository,
  login: string,
  slack: SlackClient,
  signal: AbortSignal,
) => Promise<string | undefined>

interface MembersOptions {
  readonly github: GitHub
  readonly now: () => Date
  /** What a whole message has. */
  readonly requestTimeoutMs: number
}

/** Of a message's time: the rest is for the message itself. All who are mentioned in one are looked up at once. */
const SHARE = 0.25

/** Somebody who is not found now may show an address tomorrow. */
const KEPT_MS = 24 * 60 * 60_000
const KEPT_MOST = 2_000
const LOGIN = /^[A-Za-z0-9-]{1,39}$/

/**
 * Finds people in Slack by the e-mail address that they show on GitHub. GitHub shows none but what somebody chose to show,
 * and lets them choose only among those that they proved to be theirs. https://docs.github.com/en/rest/users/users#get-a-user
 *
 * Without the scope `users:read.email` GitHub is not asked at all. What was found, and that nothing was, is kept for a day. A
 * GitHub or a Slack that hangs costs a quarter of the message's time, and the mention.
 */
export function createMembers({ github, now, requestTimeoutMs }: MembersOptions): FindMember {
  const known = new Map<string, { readonly member: string | undefined; readonly until: number }>()
  const lookUp: FindMember = async (repo, login, slack, signal) => {
    const key = `${repo.owner}/${login}`.toLowerCase()
    const before = known.get(key)
    if (before && now().getTime() < before.until) return before.member
    const scope = await slack.mayReadEmails()
    if (scope.is !== "ok" || !scope.value) return undefined
    const email = await publicEmail(github, repo, login, signal)
    if (email.is === "unknown") return undefined
    const found = email.value === null ? ({ is: "ok", value: null } as const) : await slack.memberByEmail(email.value)
    // What could not be asked is asked again the next time.
    if (found.is !== "ok") return undefined
    if (known.size >= KEPT_MOST) known.clear()
    const member = found.value ?? undefined
    known.set(key, { member, until: now().getTime() + KEPT_MS })
    return member
  }
  return async (repo, login, slack, signal) => {
    if (!LOGIN.test(login)) return undefined
    const own = AbortSignal.any([signal, AbortSignal.timeout(requestTimeoutMs * SHARE)])
    return await Promise.race([lookUp(repo, login, slack, own), nobodyOn(own)])
  }
}

const nobodyOn = (signal: AbortSignal): Promise<undefined> =>
  new Promise((done) => {
    if (signal.aborted) done(undefined)
    else signal.addEventListener("abort", () => done(undefined), { once: true })
  })

type Email = { readonly is: "read"; readonly value: string | null } | { readonly is: "unknown" }

/** A mention is no reason for a message to fail: whatever GitHub answers instead, the person is named. */
async function publicEmail(github: GitHub, repo: Repository, username: string, signal: AbortSignal): Promise<Email> {
  try {
    const octokit = await github.for(repo)
    const { data } = await octokit.rest.users.getByUsername({ username, request: { signal } })
    return { is: "read", value: data.type === "User" && data.email ? data.email : null }
  } catch {
    return { is: "unknown" }
  }
}

/** A reply whose people are mentioned wherever they can be found; who is known by the configuration stays that. */
export async function withMembers(reply: Reply, find: (login: string) => Promise<string | undefined>): Promise<Reply> {
  if (reply.is === "elsewhere") return { ...reply, told: await withMembers(reply.told, find) }
  if (!("asks" in reply)) return reply
  const asks = await Promise.all(
    reply.asks.map(async (one) => {
      const slack = one.slack ?? (await find(one.login))
      return slack === undefined ? one : { ...one, slack }
    }),
  )
  return { ...reply, asks }
}
