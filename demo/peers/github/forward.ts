import type { Answer } from "../http-front.ts"
import type { Call } from "./call.ts"
import { askEmulator } from "./callers.ts"

/** Lets the emulator answer, under the caller's own token. */
export async function forward({ state, request, caller }: Call, body: unknown = undefined): Promise<Answer> {
  const search = request.query.toString()
  const path = search ? `${request.path}?${search}` : request.path
  const hasBody = request.method !== "GET" && request.method !== "DELETE"
  return askEmulator(
    state,
    "token" in caller ? caller.token : undefined,
    request.method,
    path,
    hasBody ? (body ?? request.body) : undefined,
  )
}
