import { Octokit } from "@octokit/rest"
import type { GitHubClient } from "./github.ts"

export interface PersonSettings {
  readonly token: string
  /** GitHub's API root. */
  readonly baseUrl: string
  readonly requestTimeoutMs: number
}

/** A client that speaks as the person whose token it has. It asks once: whoever calls a command sees that it failed. */
export function personOctokit({ token, baseUrl, requestTimeoutMs }: PersonSettings): Octokit & GitHubClient {
  return new Octokit({
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
}

/** Octokit's own logger prints every failed request; here failures are values. */
const ignore = (): void => undefined
