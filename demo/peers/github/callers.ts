import { createPublicKey, verify } from "node:crypto"
import { type Answer, type PeerRequest, Refusal } from "../http-front.ts"
import type { AppRow, InstallationRow, UserRow } from "./rows.ts"
import { botOf, findUser, freshToken, type GitHubState } from "./state.ts"

/** Who made a request. */
export type Caller =
  | { kind: "anonymous" }
  | { kind: "app"; app: AppRow }
  | {
      kind: "installation"
      app: AppRow
      user: UserRow
      accountLogin: string
      permissions: Record<string, string>
      token: string
    }
  | { kind: "person"; user: UserRow; token: string }

/** Who makes the request, by its Authorization header. Throws GitHub's 401 for credentials that do not hold. */
export function callerOf(state: GitHubState, request: PeerRequest): Caller {
  const header = request.headers.authorization
  if (!header) return { kind: "anonymous" }
  const token = header.replace(/^(bearer|token)\s+/i, "").trim()
  if (token.split(".").length === 3) return appCaller(state, token)
  return tokenCaller(state, token) ?? refuse("Bad credentials")
}

/** The holder of an installation's or a person's token, or undefined when the token is unknown or revoked. */
export function tokenCaller(state: GitHubState, token: string): Caller | undefined {
  const holder = state.emulator.tokens.get(token)
  if (!holder) return undefined
  const { installation } = holder
  if (!installation) {
    const user = findUser(state, holder.login)
    return user && { kind: "person", user, token }
  }
  const { tables } = state
  const row = tables.appInstallations.all().find((one) => one.installation_id === installation.installationId)
  if (row?.suspended_at) throw new Refusal({ status: 403, body: { message: "This installation has been suspended" } })
  const app = tables.apps.all().find((row) => row.app_id === installation.appId)
  return (
    app && {
      kind: "installation",
      app,
      user: botOf(state, app),
      accountLogin: holder.login,
      permissions: installation.permissions,
      token,
    }
  )
}

/** Checks an App's token as GitHub does: RS256, `iss` is the App's id, not expired, at most 10 minutes long. */
function appCaller(state: GitHubState, token: string): Caller {
  const [head = "", claims = "", signature = ""] = token.split(".")
  let payload: { iss?: unknown; exp?: unknown }
  try {
    payload = JSON.parse(Buffer.from(claims, "base64url").toString("utf8")) as typeof payload
  } catch {
    return refuse("A JSON web token could not be decoded")
  }
  const app = state.tables.apps.all().find((row) => String(row.app_id) === String(payload.iss))
  if (!app?.private_key) return refuse("Integration not found")
  const key = createPublicKey(app.private_key)
  const signed = verify("sha256", Buffer.from(`${head}.${claims}`), key, Buffer.from(signature, "base64url"))
  if (!signed) return refuse("A JSON web token could not be decoded")
  const seconds = Date.now() / 1000
  if (typeof payload.exp !== "number" || payload.exp < seconds) return refuse("'Expiration time' claim ('exp') is past")
  if (payload.exp > seconds + 660) return refuse("'Expiration time' claim ('exp') is too far in the future")
  return { kind: "app", app }
}

function refuse(message: string): never {
  throw new Refusal({ status: 401, body: { message } })
}

/** A token with which a person calls the API; the same one each time. */
export function personToken(state: GitHubState, user: UserRow): string {
  for (const [token, holder] of state.emulator.tokens) {
    if (!holder.installation && holder.login === user.login) return token
  }
  const token = freshToken("ghp")
  state.emulator.tokens.set(token, { login: user.login, id: user.id, scopes: ["repo", "read:org"] })
  return token
}

/** A token with which an App acts on an account, with the permissions of its installation. */
export function installationToken(state: GitHubState, installation: InstallationRow): string {
  const token = freshToken("ghs")
  state.emulator.tokens.set(token, {
    login: installation.account_login,
    id: installation.account_id,
    scopes: [],
    installation: {
      installationId: installation.installation_id,
      appId: installation.app_id,
      accountId: installation.account_id,
      accountType: installation.account_type,
      permissions: installation.permissions,
      repositoryIds: installation.repository_ids,
      repositorySelection: installation.repository_selection,
    },
  })
  return token
}

/** Sends a request to the emulator as the holder of `token` and decodes its answer. */
export async function askEmulator(
  state: GitHubState,
  token: string | undefined,
  method: string,
  pathAndQuery: string,
  body?: unknown,
): Promise<Answer> {
  const response = await state.emulator.fetch(
    new Request(`${state.url}${pathAndQuery}`, {
      method,
      headers: {
        ...(token ? { authorization: `Bearer ${token}` } : {}),
        "content-type": "application/json",
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    }),
  )
  const text = await response.text()
  const link = response.headers.get("link")
  return {
    status: response.status,
    ...(text ? { body: JSON.parse(text) as unknown } : {}),
    ...(link ? { headers: { link } } : {}),
  }
}
