import { type Answer, type PeerRequest, Refusal } from "../http-front.ts"
import type { Call, Endpoint, RepositoryEndpoint } from "./call.ts"
import { type Caller, callerOf } from "./callers.ts"
import { accountEndpoints, collaboratorEndpoints } from "./endpoints/accounts.ts"
import { actionEndpoints } from "./endpoints/actions.ts"
import { alertEndpoints } from "./endpoints/alerts.ts"
import { appEndpoints } from "./endpoints/apps.ts"
import { assetEndpoints } from "./endpoints/assets.ts"
import { attestationEndpoints } from "./endpoints/attestations.ts"
import { checkEndpoints } from "./endpoints/checks.ts"
import { deliveryEndpoints } from "./endpoints/deliveries.ts"
import { deploymentEndpoints } from "./endpoints/deployments.ts"
import { issueEndpoints } from "./endpoints/issues.ts"
import { objectEndpoints } from "./endpoints/objects.ts"
import { protectionEndpoints } from "./endpoints/protection.ts"
import { pullEndpoints } from "./endpoints/pulls.ts"
import { refEndpoints } from "./endpoints/refs.ts"
import { releaseEndpoints } from "./endpoints/releases.ts"
import { repositoryEndpoints } from "./endpoints/repositories.ts"
import { reviewEndpoints } from "./endpoints/reviews.ts"
import { settingEndpoints } from "./endpoints/settings.ts"
import { statusEndpoints } from "./endpoints/statuses.ts"
import { forward } from "./forward.ts"
import { conditional, Limits } from "./limits.ts"
import { type Matched, matchOperation } from "./operations.ts"
import { authorize } from "./permissions.ts"
import { UPLOADS } from "./shapes/repository.ts"
import { findRepository, type GitHubState, iso, notFound } from "./state.ts"
import { answerProblems, requestProblems } from "./validate.ts"

/** A request that was made, for assertions about what the app asked GitHub. */
export type RecordedRequest = {
  at: string
  method: string
  /** Path with query. */
  path: string
  /** GitHub's operation id, or undefined where the fixture knows none. */
  operationId: string | undefined
  status: number
  by: Caller["kind"]
  userAgent: string
  /** The JSON body, empty where there was none. */
  body: Record<string, unknown>
}

/** Answers in GitHub's place, for faults; undefined lets the request through. */
export type Intercept = (
  request: PeerRequest & { operationId: string | undefined },
) => Answer | undefined | Promise<Answer | undefined>

const ANYWHERE: Record<string, Endpoint> = { ...appEndpoints, ...deliveryEndpoints, ...accountEndpoints }
const IN_REPOSITORY: Record<string, RepositoryEndpoint> = {
  ...repositoryEndpoints,
  ...refEndpoints,
  ...objectEndpoints,
  ...pullEndpoints,
  ...reviewEndpoints,
  ...checkEndpoints,
  ...releaseEndpoints,
  ...assetEndpoints,
  ...attestationEndpoints,
  ...actionEndpoints,
  ...protectionEndpoints,
  ...alertEndpoints,
  ...settingEndpoints,
  ...deploymentEndpoints,
  ...statusEndpoints,
  ...issueEndpoints,
  ...collaboratorEndpoints,
}

/** The part of the peer that answers requests: routing, validation, faults and the record of what was asked. */
export class ApiServer {
  readonly requests: RecordedRequest[] = []
  readonly limits: Limits
  intercept: Intercept | undefined
  readonly #state: GitHubState
  readonly #validate: boolean
  readonly #problems: string[]

  /** What the validation finds is added to `problems`. */
  constructor(state: GitHubState, validate: boolean, problems: string[]) {
    this.#state = state
    this.limits = new Limits(() => state.now())
    this.#validate = validate
    this.#problems = problems
  }

  /** Answers one request over HTTP. */
  async handle(request: PeerRequest): Promise<Answer> {
    const matched = operationOf(request)
    const checked = this.#validate ? this.#check(request, matched) : undefined
    const { answer, caller, by = caller.kind } = await this.#answer(request, matched)
    const whole = { ...answer, ...withDocumentation(answer) }
    if (checked && matched && answer.status < 400 && !answer.raw) this.#problems.push(...answerProblems(whole, matched))
    const told = conditional(request, whole)
    const headers = { ...this.#headers(by), ...this.limits.headers(caller, told), ...told.headers }
    const complete = { ...told, headers }
    const { path, query, method, body } = request
    this.requests.push({
      at: this.#state.now().toISOString(),
      method,
      path: query.size > 0 ? `${path}?${query}` : path,
      operationId: matched?.id,
      status: complete.status,
      by,
      userAgent: request.headers["user-agent"] ?? "",
      body,
    })
    return complete
  }

  #check(request: PeerRequest, matched: Matched | undefined): true {
    // People are free to use all of GitHub.
    if (claimed(request) === "person") return true
    if (matched) this.#problems.push(...requestProblems(request, matched))
    else {
      const name = `${request.method} ${request.path}`
      this.#problems.push(`${name} is no operation of the fixture; add it to scripts/extract-openapi.ts`)
    }
    return true
  }

  async #answer(
    request: PeerRequest,
    matched: Matched | undefined,
  ): Promise<{ answer: Answer; caller: Caller; by?: Caller["kind"] }> {
    let caller: Caller = { kind: "anonymous" }
    try {
      const instead = await this.intercept?.({ ...request, operationId: matched?.id })
      if (instead) return { answer: instead, caller, by: claimed(request) }
      caller = callerOf(this.#state, request)
      this.limits.admit(caller)
      return { answer: await this.dispatch(request, matched, caller), caller }
    } catch (error) {
      if (error instanceof Refusal) return { answer: error.answer, caller }
      throw error
    }
  }

  /** Answers a request of a known caller; throws a Refusal. */
  async dispatch(request: PeerRequest, matched: Matched | undefined, caller: Caller): Promise<Answer> {
    const call: Call = { state: this.#state, request, params: matched?.params ?? {}, caller }
    if (!matched) {
      if (caller.kind === "person") return forward(call)
      throw notFound()
    }
    const anywhere = ANYWHERE[matched.id]
    if (anywhere) return anywhere(call)
    const repository = findRepository(this.#state, `${call.params.owner}/${call.params.repo}`)
    if (!repository) throw notFound()
    authorize(this.#state, caller, matched.id, repository)
    const endpoint = IN_REPOSITORY[matched.id]
    return endpoint ? endpoint({ ...call, repository }) : forward(call)
  }

  #headers(by: Caller["kind"]): Record<string, string> {
    return {
      date: this.#state.now().toUTCString(),
      "x-github-media-type": "github.v3; format=json",
      "x-github-request-id": `SLIP:${this.requests.length.toString(16).toUpperCase()}`,
      ...(by === "person" ? { "x-oauth-scopes": "repo, read:org" } : {}),
    }
  }
}

/** Only uploads are answered where uploads go, and nowhere else. */
function operationOf({ method, path }: PeerRequest): Matched | undefined {
  const isUpload = path.startsWith(UPLOADS)
  const matched = matchOperation(method, isUpload ? path.slice(UPLOADS.length) : path)
  return isUpload === (matched?.id === "repos/upload-release-asset") ? matched : undefined
}

/** By the look of a token, whose it is: for requests that never reached the check. */
function claimed(request: PeerRequest): Caller["kind"] {
  const token = (request.headers.authorization ?? "").replace(/^(bearer|token)\s+/i, "")
  if (token.startsWith("ghs_")) return "installation"
  if (token.startsWith("ghp_")) return "person"
  return token.split(".").length === 3 ? "app" : "anonymous"
}

/** GitHub's errors say where they are documented, and repeat their status. Times come in whole seconds. */
function withDocumentation(answer: Answer): { body?: unknown } {
  if (answer.body === undefined) return {}
  if (answer.status < 400 || typeof answer.body !== "object") return { body: wholeSeconds(answer.body) }
  return {
    body: {
      documentation_url: "https://docs.github.com/rest",
      status: String(answer.status),
      ...(answer.body as object),
    },
  }
}

/** `value` with the times of its `…_at` fields in whole seconds, as GitHub writes them; free-form payloads stay. */
export function wholeSeconds<T>(value: T): T {
  if (Array.isArray(value)) return value.map(wholeSeconds) as T
  if (typeof value !== "object" || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, field]) => {
      if (key === "payload") return [key, field]
      if (typeof field === "string" && key.endsWith("_at") && field.endsWith("Z")) return [key, iso(new Date(field))]
      return [key, wholeSeconds(field)]
    }),
  ) as T
}
