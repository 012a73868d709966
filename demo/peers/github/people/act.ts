import { jsonObject, type PeerRequest, Refusal, splitOnce } from "../../http-front.ts"
import { personToken, tokenCaller } from "../callers.ts"
import { matchOperation } from "../operations.ts"
import type { ApiServer } from "../serve.ts"
import { type GitHubState, userOf } from "../state.ts"

/** What people's actions work on. */
export type Stage = { state: GitHubState; server: ApiServer }

/**
 * Calls GitHub's API in a person's name, as the web page does for them: with their permissions, but neither recorded
 * nor subject to a test's faults. Returns the answer's body; throws an Error that carries GitHub's message.
 */
export async function actAs<T>(
  stage: Stage,
  login: string,
  method: string,
  path: string,
  body?: Record<string, unknown>,
): Promise<T> {
  return call(stage, personToken(stage.state, userOf(stage.state, login)), method, path, body)
}

/** Calls GitHub's API with a token. Returns the answer's body; throws an Error that carries GitHub's message. */
export async function call<T>(
  { state, server }: Stage,
  token: string,
  method: string,
  pathAndQuery: string,
  body?: Record<string, unknown>,
): Promise<T> {
  const [path, search] = splitOnce(pathAndQuery, "?")
  const text = body ? JSON.stringify(body) : ""
  const request: PeerRequest = {
    method,
    path,
    query: new URLSearchParams(search),
    headers: { authorization: `Bearer ${token}` },
    text,
    body: jsonObject(text),
  }
  const caller = tokenCaller(state, token)
  if (!caller) throw new Error("the fake GitHub does not know this token")
  try {
    const answer = await server.dispatch(request, matchOperation(method, path), caller)
    if (answer.status >= 300) throw new Refusal(answer)
    return answer.body as T
  } catch (error) {
    if (!(error instanceof Refusal)) throw error
    const { message } = (error.answer.body ?? {}) as { message?: string }
    throw new Error(`GitHub refused ${method} ${path} with ${error.answer.status}: ${message}`, { cause: error })
  }
}
