import type { Answer, PeerRequest } from "../http-front.ts"
import type { Caller } from "./callers.ts"
import type { AppRow, RepositoryRow, UserRow } from "./rows.ts"
import { forbidden, type GitHubState, notFound } from "./state.ts"

/** One request on its way to an endpoint. */
export type Call = { state: GitHubState; request: PeerRequest; params: Record<string, string>; caller: Caller }

/** A call on a repository that exists and that the caller may use in this way. */
export type RepositoryCall = Call & { repository: RepositoryRow }

/** Answers an operation, or throws a Refusal. */
export type Endpoint = (call: Call) => Answer | Promise<Answer>
export type RepositoryEndpoint = (call: RepositoryCall) => Answer | Promise<Answer>

export const ok = (body: unknown, headers?: Record<string, string>): Answer => ({
  status: 200,
  body,
  ...(headers ? { headers } : {}),
})
export const created = (body: unknown): Answer => ({ status: 201, body })
export const noContent: Answer = { status: 204 }

/** The user or bot in whose name a call acts. Throws GitHub's 401 for a stranger. */
export function actorOf(call: Call): UserRow {
  if (call.caller.kind === "person" || call.caller.kind === "installation") return call.caller.user
  throw forbidden("Requires authentication")
}

/** The App that makes the call. Throws GitHub's 403 for anybody else. */
export function appOf(call: Call): AppRow {
  if (call.caller.kind === "installation") return call.caller.app
  throw forbidden("You must authenticate via a GitHub App.")
}

/** A path parameter as a whole number. Throws 404 for anything else, as GitHub does. */
export function numberParam(call: Call, name: string): number {
  const value = call.params[name] ?? ""
  if (!/^\d+$/.test(value)) throw notFound()
  return Number(value)
}

/** A string of the body, or undefined. */
export function text(call: Call, name: string): string | undefined {
  const value = call.request.body[name]
  return typeof value === "string" ? value : undefined
}

/** The page of `items` that the request asks for (GitHub: 30 a page, at most 100), with the Link header. */
export function paged<T>(
  call: Call,
  items: T[],
  size = { usual: 30, most: 100 },
): { items: T[]; headers: Record<string, string> } {
  const { query, path } = call.request
  const perPage = Math.min(size.most, Math.max(1, Number(query.get("per_page")) || size.usual))
  const page = Math.max(1, Number(query.get("page")) || 1)
  const last = Math.max(1, Math.ceil(items.length / perPage))
  const link = (number: number, rel: string) => {
    const search = new URLSearchParams(query)
    search.set("page", String(number))
    return `<${call.state.url}${path}?${search}>; rel="${rel}"`
  }
  const links = [
    ...(page > 1 ? [link(page - 1, "prev")] : []),
    ...(page < last ? [link(page + 1, "next"), link(last, "last")] : []),
    ...(page > 1 ? [link(1, "first")] : []),
  ]
  return {
    items: items.slice((page - 1) * perPage, page * perPage),
    headers: links.length > 0 ? { link: links.join(", ") } : {},
  }
}

/** Answers a list with the page that was asked for. */
export function list<T>(call: Call, items: T[], shape: (item: T) => unknown): Answer {
  const page = paged(call, items)
  return ok(page.items.map(shape), page.headers)
}
