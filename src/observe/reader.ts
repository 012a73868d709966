import type { Repository } from "../model/repository.ts"
import { storable } from "../model/storable.ts"
import { type PeerError, PeerUnavailable, toPeerError } from "../peers/errors.ts"
import type { GitHubClient } from "../peers/github.ts"

/** What was asked for, or why it cannot be known. "Later" (unreachable, limited) is neither: it is thrown. */
export type Read<T> = { readonly is: "read"; readonly value: T } | { readonly is: "unknown"; readonly because: string }

/** GitHub's answer, or its refusal as a value. */
type Answer<T> = { readonly is: "answer"; readonly data: T } | { readonly is: "refused"; readonly error: PeerError }

interface Page<T> {
  readonly items: readonly T[]
  /** How many there are on all pages, where the endpoint says it. */
  readonly total?: number
}

interface Response<T> {
  readonly data: T
  readonly headers: { readonly link?: string | undefined }
}

/** The parameters that every request has. */
interface Common {
  readonly owner: string
  readonly repo: string
  readonly request: { readonly signal: AbortSignal }
}

export interface Reader {
  readonly repo: Repository
  readonly rest: GitHubClient["rest"]
  /** One request. @throws PeerUnavailable when GitHub is out of reach or limits us */
  ask<T>(request: (common: Common) => Promise<{ readonly data: T }>): Promise<Answer<T>>
  /** All pages, the others at once when the first has told how many there are. @throws PeerUnavailable */
  all<T, D>(
    request: (common: Common & { per_page: number; page: number }) => Promise<Response<D>>,
    page: (data: D) => Page<T>,
    limit?: number,
  ): Promise<Answer<readonly T[]> | TooMany>
}

/** There are more than the limit allows; nothing but the first page was read. */
interface TooMany {
  readonly is: "too many"
  readonly atLeast: number
}

const PER_PAGE = 100
/** "Avoid concurrent requests"; a click waits for about twenty, so a few at a time: far from GitHub's limit of 100. */
const AT_ONCE = 6

/** Reads one repository for one run. `abort` ends all of it. */
export function createReader(github: GitHubClient, repo: Repository, abort: AbortSignal): Reader {
  const slot = slots(AT_ONCE)
  const common: Common = { owner: repo.owner, repo: repo.name, request: { signal: abort } }
  const reader: Reader = {
    repo,
    rest: github.rest,
    ask: (request) => slot(() => answer(() => request(common))),
    async all(request, page, limit = Number.POSITIVE_INFINITY) {
      const get = (number: number) =>
        slot(() =>
          answer(async () => {
            const response = await request({ ...common, per_page: PER_PAGE, page: number })
            return { data: { ...page(response.data), last: lastPage(response.headers.link) } }
          }),
        )
      const first = await get(1)
      if (first.is === "refused") return first
      const { total } = first.data
      const last = total === undefined ? first.data.last : Math.ceil(total / PER_PAGE)
      const least = total ?? (last - 1) * PER_PAGE + 1
      if (least > limit) return { is: "too many", atLeast: least }
      const others = await Promise.all(Array.from({ length: Math.max(0, last - 1) }, (_, i) => get(i + 2)))
      return together([first, ...others], total)
    },
  }
  return reader
}

/** A list that is shorter than GitHub said is no list: what is missing could be what matters. */
function together<T>(pages: readonly Answer<Page<T>>[], total: number | undefined): Answer<readonly T[]> {
  const items: T[] = []
  for (const page of pages) {
    if (page.is === "refused") return page
    items.push(...page.data.items)
  }
  if (total !== undefined && items.length !== total)
    return { is: "refused", error: { is: "invalid", message: `GitHub listed ${items.length} of ${total}` } }
  return { is: "answer", data: items }
}

async function answer<T>(request: () => Promise<{ readonly data: T }>): Promise<Answer<T>> {
  try {
    return { is: "answer", data: storable((await request()).data) }
  } catch (error) {
    const refused = toPeerError(error)
    if (refused.is === "unreachable" || refused.is === "limited") throw new PeerUnavailable(refused, { cause: error })
    return { is: "refused", error: refused }
  }
}

/** https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api#using-link-headers */
function lastPage(link: string | undefined): number {
  const last = link?.split(",").find((part) => /rel="last"/.test(part))
  return Number(/[?&]page=(\d+)/.exec(last ?? "")?.[1] ?? 1)
}

/** Runs at most `size` at once. */
function slots(size: number) {
  const waiting: (() => void)[] = []
  let free = size
  return async <T>(run: () => Promise<T>): Promise<T> => {
    if (free > 0) free--
    else await new Promise<void>((resolve) => waiting.push(resolve))
    try {
      return await run()
    } finally {
      const next = waiting.shift()
      if (next) next()
      else free++
    }
  }
}

/** Why a thing that was refused is not known, and what to do where a permission is missing. */
export function whyUnknown(refused: PeerError): string {
  const { message } = refused
  if (refused.is === "forbidden") {
    const permission = refused.permission ? `the permission \`${refused.permission}\`` : "a permission"
    return `GitHub refused it: the App lacks ${permission}; accept it in the installation's settings (${message})`
  }
  if (refused.is === "unauthorized") return `GitHub does not let the App in: is it suspended or removed? (${message})`
  return message
}

export const unknown = (because: string): { readonly is: "unknown"; readonly because: string } => ({
  is: "unknown",
  because,
})

export const read = <T>(value: T): { readonly is: "read"; readonly value: T } => ({ is: "read", value })
