import type { Answer } from "../../http-front.ts"
import { Refusal } from "../../http-front.ts"
import { type Call, type Endpoint, list, numberParam, ok, paged } from "../call.ts"
import { askEmulator } from "../callers.ts"
import type { AppRow, InstallationRow } from "../rows.ts"
import { installation, integration } from "../shapes/accounts.ts"
import { minimalRepository, repository as repositoryShape } from "../shapes/repository.ts"
import { findOrganization, findRepository, findUser, type GitHubState, installationFor, notFound } from "../state.ts"

const getApp: Endpoint = (call) => {
  const app = appCaller(call)
  const count = installationsOf(call.state, app).length
  return ok({ ...integration(call.state, app), installations_count: count })
}

const listInstallations: Endpoint = (call) =>
  list(call, installationsOf(call.state, appCaller(call)), (row) => installation(call.state, row))

const getInstallation: Endpoint = (call) => ok(installation(call.state, ownInstallation(call)))

/** The emulator issues the token and holds the App to what the installation grants. */
const createToken: Endpoint = async (call): Promise<Answer> => {
  const row = ownInstallation(call)
  if (row.suspended_at) throw new Refusal({ status: 403, body: { message: "This installation has been suspended" } })
  const { headers, path, body: asked } = call.request
  const token = (headers.authorization ?? "").replace(/^(bearer|token)\s+/i, "")
  const answer = await askEmulator(call.state, token, "POST", path, asked)
  if (answer.status !== 201) return answer
  const body = answer.body as Record<string, unknown>
  const repositories = row.repository_ids.flatMap((id) => call.state.tables.repos.get(id) ?? [])
  return {
    status: 201,
    body: {
      ...body,
      permissions: { metadata: "read", ...(body.permissions as object) },
      ...(body.repository_selection === "selected"
        ? { repositories: repositories.map((item) => repositoryShape(call.state, item)) }
        : {}),
    },
  }
}

const repositoryInstallation: Endpoint = (call) => {
  const app = appCaller(call)
  const found = findRepository(call.state, `${call.params.owner}/${call.params.repo}`)
  const row = found && installationFor(call.state, found, app.app_id)
  if (!row) throw notFound()
  return ok(installation(call.state, row))
}

const organizationInstallation: Endpoint = (call) =>
  accountInstallation(call, findOrganization(call.state, call.params.org ?? "")?.login)

const userInstallation: Endpoint = (call) =>
  accountInstallation(call, findUser(call.state, call.params.username ?? "")?.login)

function accountInstallation(call: Call, login: string | undefined): Answer {
  const row = installationsOf(call.state, appCaller(call)).find((candidate) => candidate.account_login === login)
  if (!row) throw notFound()
  return ok(installation(call.state, row))
}

const accessibleRepositories: Endpoint = (call) => {
  const { caller, state } = call
  if (caller.kind !== "installation") throw new Refusal({ status: 403, body: { message: "Forbidden" } })
  const rows = state.tables.repos.all().filter((row) => installationFor(state, row, caller.app.app_id))
  const mine = rows.filter((row) => row.full_name.startsWith(`${caller.accountLogin}/`))
  const page = paged(call, mine)
  const repositories = page.items.map((row) => ({ ...repositoryShape(state, row), ...minimalRepository(state, row) }))
  return ok({ total_count: mine.length, repository_selection: "all", repositories }, page.headers)
}

const getBySlug: Endpoint = ({ state, params }) => {
  const app = state.tables.apps.all().find((row) => row.slug === params.app_slug)
  if (!app) throw notFound()
  return ok(integration(state, app))
}

const rateLimit: Endpoint = ({ state }) => {
  const reset = Math.floor(state.now().getTime() / 1000) + 3600
  const core = { limit: 5000, used: 0, remaining: 5000, reset }
  return ok({ resources: { core, search: { ...core, limit: 30, remaining: 30 } }, rate: core })
}

/** The App, which speaks for itself. @throws GitHub's 401 for anybody else */
export function appCaller({ caller }: Call): AppRow {
  if (caller.kind === "app") return caller.app
  throw new Refusal({ status: 401, body: { message: "A JSON web token could not be decoded" } })
}

function ownInstallation(call: Call): InstallationRow {
  const app = appCaller(call)
  const id = numberParam(call, "installation_id")
  const row = installationsOf(call.state, app).find((candidate) => candidate.installation_id === id)
  if (!row) throw notFound()
  return row
}

const installationsOf = (state: GitHubState, app: AppRow): InstallationRow[] =>
  state.tables.appInstallations.all().filter((row) => row.app_id === app.app_id)

export const appEndpoints: Record<string, Endpoint> = {
  "apps/get-authenticated": getApp,
  "apps/list-installations": listInstallations,
  "apps/get-installation": getInstallation,
  "apps/create-installation-access-token": createToken,
  "apps/get-repo-installation": repositoryInstallation,
  "apps/get-org-installation": organizationInstallation,
  "apps/get-user-installation": userInstallation,
  "apps/list-repos-accessible-to-installation": accessibleRepositories,
  "apps/get-by-slug": getBySlug,
  "rate-limit/get": rateLimit,
}
