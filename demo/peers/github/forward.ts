import type { Answer } from "../http-front.ts"
import type { Call } from "./call.ts"
import { askEmulator } from "./callers.ts"

/** Lets the emulator answer, under the caller's own token. */
export async function forward({ state, request, caller }: Call, body: unknown = undefined): Promise<Answer> {
  const search = request.query.toString()
  const path = search ? `${request.path}?${search}` : request.path
  const hasBody = request.method !== "GET" && request.method !== "DELETE"
  const token = "token" in caller ? caller.token : undefined
  const answer = await askEmulator(state, token, request.method, path, hasBody ? (body ?? request.body) : undefined)
  if (answer.status < 400) return answer
  // The emulator's errors refer to its own documentation.
  const { documentation_url: _, ...error } = answer.body as Record<string, unknown>
  return { ...answer, body: error }
}
