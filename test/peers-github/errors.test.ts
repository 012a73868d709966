import { expect, test } from "vitest"
import { type PeerError, PeerUnavailable, toPeerError } from "../../src/peers/errors.ts"

interface Refusal {
  readonly status: number
  readonly message?: string
  readonly method?: string
  readonly url?: string
  readonly headers?: Record<string, string>
  readonly data?: unknown
}

/** As @octokit/request throws it. */
function refused({
  status,
  message = "no",
  method = "GET",
  url = "/repos/acme/shop/pulls",
  headers = {},
  data,
}: Refusal) {
  return Object.assign(new Error(message), {
    name: "HttpError",
    status,
    request: { method, url: `https://api.github.com${url}`, headers: { authorization: "token ghs_secret123" } },
    response: { status, headers, data },
  })
}

/** As @octokit/request throws what `fetch` threw. */
const unanswered = (message: string, cause?: Error) =>
  Object.assign(new Error(message, { cause }), { name: "HttpError", status: 500, request: { method: "GET", url: "" } })

test.each<[string, unknown, Partial<PeerError>]>([
  ["a wrong key", refused({ status: 401 }), { is: "unauthorized", status: 401 }],
  [
    "a suspended installation",
    refused({ status: 403, message: "This installation has been suspended" }),
    { is: "unauthorized" },
  ],
  [
    "a removed installation",
    refused({ status: 404, url: "/app/installations/7/access_tokens" }),
    { is: "unauthorized" },
  ],
  ["not there", refused({ status: 404 }), { is: "gone", status: 404 }],
  ["not there any more", refused({ status: 410 }), { is: "gone" }],
  ["an empty repository", refused({ status: 409, message: "Git Repository is empty." }), { is: "empty" }],
  ["another conflict", refused({ status: 409, message: "Merge conflict" }), { is: "invalid" }],
  ["a tag that exists", refused({ status: 422, message: "Reference already exists" }), { is: "taken" }],
  ["a release that exists", refused({ status: 422, data: { errors: [{ code: "already_exists" }] } }), { is: "taken" }],
  [
    "content that GitHub does not take",
    refused({ status: 422, data: { errors: [{ code: "too_long" }] } }),
    { is: "invalid" },
  ],
  ["a bad request", refused({ status: 400 }), { is: "invalid" }],
  ["a broken GitHub", refused({ status: 502 }), { is: "unreachable", status: 502 }],
  ["a proxy that gave up", refused({ status: 408 }), { is: "unreachable" }],
  ["no network", unanswered("connect ECONNREFUSED 127.0.0.1:1"), { is: "unreachable" }],
  ["a time-out", unanswered("aborted", new DOMException("late", "TimeoutError")), { is: "unreachable" }],
  ["an abort", Object.assign(new DOMException("aborted", "AbortError"), { status: 500 }), { is: "unreachable" }],
  [
    "fetch's own failure",
    new TypeError("fetch failed", { cause: new Error("getaddrinfo ENOTFOUND x") }),
    { is: "unreachable" },
  ],
  [
    "what was unavailable already",
    new PeerUnavailable({ is: "unreachable", message: "busy" }),
    { is: "unreachable", message: "busy" },
  ],
])("%s", (_, error, expected) => {
  expect(toPeerError(error)).toMatchObject(expected)
})

test.each<[string, Refusal, number]>([
  ["retry-after, 403", { status: 403, headers: { "retry-after": "30" } }, 30],
  ["retry-after, 429", { status: 429, headers: { "retry-after": "7" } }, 7],
  ["retry-after of nothing", { status: 429, headers: { "retry-after": "0" } }, 1],
  [
    "the hour's limit, by GitHub's clock",
    {
      status: 403,
      headers: {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": "1795000100",
        date: new Date(1_795_000_000_000).toUTCString(),
      },
    },
    100,
  ],
  ["the hour's limit without a reset", { status: 403, headers: { "x-ratelimit-remaining": "0" } }, 60],
  ["429 alone", { status: 429 }, 60],
  ["the secondary limit in words", { status: 403, message: "You have exceeded a secondary rate limit" }, 60],
])("waits: %s", (_, refusal, afterSeconds) => {
  expect(toPeerError(refused(refusal))).toMatchObject({ is: "limited", afterSeconds })
})

test.each<[string, Refusal, string | undefined]>([
  [
    "as GitHub says it",
    { status: 403, headers: { "x-accepted-github-permissions": "contents=write" } },
    "contents: write",
  ],
  [
    "all of a set, or another set",
    {
      status: 403,
      headers: { "x-accepted-github-permissions": "contents=write,workflows=write; administration=write" },
    },
    "contents: write and workflows: write, or administration: write",
  ],
  ["of a check run", { status: 403, method: "POST", url: "/repos/a/b/check-runs" }, "checks: write"],
  ["of statuses", { status: 403, url: "/repos/a/b/commits/abc/status" }, "statuses: read"],
  ["of a commit's checks", { status: 403, url: "/repos/a/b/commits/abc/check-runs" }, "checks: read"],
  ["of a pull request", { status: 403 }, "pull_requests: read"],
  ["of a tag", { status: 403, method: "POST", url: "/repos/a/b/git/refs" }, "contents: write"],
  ["of a deployment", { status: 403, method: "POST", url: "/repos/a/b/deployments" }, "deployments: write"],
  ["of a team", { status: 403, url: "/orgs/acme/teams/sre/memberships/lea" }, "members: read"],
  ["of rules", { status: 403, url: "/repos/a/b/rules/branches/main" }, "metadata: read"],
  ["of a repository that is called `issues`", { status: 403, url: "/repos/acme/issues/releases" }, "contents: read"],
  ["behind an Enterprise Server's root", { status: 403, url: "/api/v3/repos/a/issues/check-runs" }, "checks: read"],
  ["of something unheard of", { status: 403, url: "/marvels" }, undefined],
])("names the permission %s", (_, refusal, permission) => {
  const error = toPeerError(refused(refusal))
  expect(error.is).toBe("forbidden")
  expect("permission" in error ? error.permission : undefined).toBe(permission)
})

test("says what was asked, and how it ended", () => {
  const error = toPeerError(
    refused({
      status: 404,
      message: "Not Found - https://docs.github.com\nmore",
      url: "/repos/a/b/releases/1?per_page=2",
    }),
  )
  expect(error.message).toBe("GET /repos/a/b/releases/1: 404 Not Found - https://docs.github.com")
})

test.each([
  ["an installation token", "ghs_abcdefghijklmnopqrstuvwxyz0123456789"],
  ["a fine-grained token", "github_pat_11AAAA0_bbbbbbbbbbbbbbbb"],
  ["a JSON web token", "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiIxIn0.c2lnbmF0dXJl"],
  ["an Authorization value", "Bearer abcdefgh12345678"],
  ["a key", "-----BEGIN RSA PRIVATE KEY-----MIIEow-----END RSA PRIVATE KEY-----"],
  ["credentials in an address", "https://lea:hunter22@proxy.example"],
])("keeps %s out of the message", (_, secret) => {
  const { message } = toPeerError(refused({ status: 400, message: `refused: ${secret}` }))
  expect(message).toContain("[secret]")
  for (const part of secret
    .split(/[\s:/@-]+/)
    .filter((word) => word.length > 7 && !/^(?:PRIVATE|proxy\.example)$/.test(word)))
    expect(message).not.toContain(part)
})

test("a bug is no outcome", () => {
  const bug = new TypeError("Cannot read properties of undefined")
  expect(() => toPeerError(bug)).toThrow(bug)
})
