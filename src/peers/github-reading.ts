import { Octokit } from "@octokit/rest"
import type { GitHubClient } from "./github.ts"

export interface ReadingSettings {
  readonly token: string
  /** GitHub's API root. */
  readonly baseUrl: string
  readonly requestTimeoutMs: number
}

/**
 * A client that cannot change anything, whatever it is asked: every request but GET and HEAD is refused before it
 * leaves. It speaks as the person whose token it has.
 */
export function readingOctokit({ token, baseUrl, requestTimeoutMs }: ReadingSettings): GitHubClient {
  const octokit = new Octokit({
    auth: token,
    baseUrl,
    userAgent: "slipway",
    log: { debug: ignore, info: ignore, warn: ignore, error: ignore },
    request: {
      fetch: (input: string | URL, init?: RequestInit) => {
        const timeout = AbortSignal.timeout(requestTimeoutMs)
        return globalThis.fetch(input, {
          ...init,
          signal: init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout,
        })
      },
    },
  })
  octokit.hook.before("request", ({ method, url }) => {
    if (method !== "GET" && method !== "HEAD") throw new Error(`${method} ${url} would change something: refused`)
  })
  return octokit
}

/** Octokit's own logger prints every failed request; here failures are values. */
const ignore = (): void => undefined
