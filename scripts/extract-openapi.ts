/**
 * Cuts the parts of GitHub's own API description that Slipway and its fake GitHub use into two fixtures:
 * `test/support/github-openapi/operations.json` (requests and answers) and `webhooks.json` (payloads).
 *
 * Run `node scripts/extract-openapi.ts` after adding an operation or an event to the lists below. The description
 * is 385 MB unpacked, so it is fetched with `npm pack` into a temporary folder and is not a dependency.
 */
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

const OPENAPI_VERSION = "23.0.2"
const ROOT = join(import.meta.dirname, "..")
const TARGET = join(ROOT, "test/support/github-openapi")

/** Operation ids, as GitHub names them. */
const OPERATIONS = `
apps/get-authenticated apps/list-installations apps/get-installation apps/create-installation-access-token
apps/get-repo-installation apps/get-org-installation apps/get-user-installation
apps/list-repos-accessible-to-installation apps/get-by-slug
apps/list-webhook-deliveries apps/redeliver-webhook-delivery
repos/get repos/get-branch repos/list-branches repos/get-content repos/create-or-update-file-contents
repos/list-commits repos/get-commit repos/compare-commits repos/list-tags
repos/list-pull-requests-associated-with-commit repos/list-activities
repos/create-commit-status repos/list-commit-statuses-for-ref repos/get-combined-status-for-ref
repos/create-deployment repos/get-deployment repos/list-deployments
repos/create-deployment-status repos/list-deployment-statuses repos/get-deployment-status
repos/create-release repos/update-release repos/get-release repos/delete-release repos/list-releases
repos/get-latest-release repos/get-release-by-tag
repos/get-branch-rules repos/get-branch-protection
repos/list-collaborators repos/get-collaborator-permission-level
checks/create checks/update checks/get checks/list-for-ref checks/list-suites-for-ref checks/list-annotations checks/rerequest-run
git/create-ref git/get-ref git/update-ref git/delete-ref git/list-matching-refs git/create-tag git/get-tag
git/get-commit git/create-commit git/get-tree git/create-tree git/get-blob git/create-blob
issues/create issues/get issues/update issues/list-for-repo issues/create-comment issues/list-comments
issues/get-comment issues/update-comment issues/delete-comment
issues/add-labels issues/remove-label issues/create-label issues/list-labels-for-repo issues/get-label
pulls/list pulls/get pulls/create pulls/update pulls/merge pulls/list-commits pulls/list-files
pulls/list-reviews pulls/create-review
teams/get-membership-for-user-in-org teams/list-members-in-org teams/get-by-name
orgs/list-org-roles orgs/list-org-role-users
orgs/get orgs/get-membership-for-user
users/get-by-username users/get-authenticated rate-limit/get
actions/list-repo-workflows actions/create-workflow-dispatch actions/list-workflow-runs actions/list-workflow-runs-for-repo actions/get-workflow-run
actions/review-custom-gates-for-run actions/get-pending-deployments-for-run
repos/create-dispatch-event repos/list-release-assets repos/get-release-asset repos/upload-release-asset
repos/delete-release-asset
repos/list-attestations
code-scanning/list-recent-analyses code-scanning/list-alerts-for-repo dependabot/list-alerts-for-repo
repos/get-environment repos/get-all-deployment-protection-rules repos/get-repo-rulesets repos/get-repo-ruleset
`
  .trim()
  .split(/\s+/)

/** Webhooks, as GitHub's description names them (`event` or `event-action`). */
const WEBHOOKS = `
push create delete status ping
pull-request-opened pull-request-closed pull-request-edited pull-request-labeled pull-request-reopened
pull-request-synchronize
check-run-created check-run-completed check-run-requested-action check-run-rerequested
check-suite-completed
release-created release-edited release-published release-released release-prereleased release-unpublished
release-deleted
deployment-created deployment-status-created deployment-protection-rule-requested
issues-opened issues-edited issues-closed issues-reopened issues-labeled issues-unlabeled issue-comment-created
issue-comment-edited issue-comment-deleted
installation-created installation-deleted installation-suspend installation-unsuspend installation-repositories-added installation-repositories-removed
repository-renamed repository-transferred repository-edited
workflow-run-requested workflow-run-in-progress workflow-run-completed
`
  .trim()
  .split(/\s+/)

type Json = Record<string, unknown>
type Document = Json & { components: Record<string, Record<string, Json>> }

const DROPPED = new Set([
  "description",
  "example",
  "examples",
  "title",
  "externalDocs",
  "deprecated",
  "default",
  "discriminator",
])

/** Makes plain JSON Schema of an OpenAPI 3.0 schema: `nullable` becomes a type, also where there is no `type`. */
function schemaOf(node: unknown, inProperties = false): unknown {
  if (Array.isArray(node)) return node.map((item) => schemaOf(item))
  if (typeof node !== "object" || node === null) return node
  const source = node as Json
  if (typeof source.$ref === "string") return { $ref: `github#/definitions/${source.$ref.split("/").at(-1)}` }
  const result: Json = {}
  for (const [key, value] of Object.entries(source)) {
    if (!inProperties && (DROPPED.has(key) || key.startsWith("x-") || key === "nullable")) continue
    if (key === "enum" || key === "const" || key === "required") result[key] = value
    else if (inProperties && key === "account") result[key] = schemaOf(eitherAccount(value as Json))
    else result[key] = schemaOf(value, !inProperties && (key === "properties" || key === "patternProperties"))
  }
  return !inProperties && source.nullable === true ? nullable(result) : result
}

/** GitHub describes the account of a listed installation as a user and an enterprise at once; it is one of the two. */
function eitherAccount(schema: Json): Json {
  const { allOf, ...rest } = schema
  return allOf ? { ...rest, anyOf: allOf } : schema
}

function nullable(schema: Json): Json {
  if (typeof schema.type !== "string" && !schema.enum) return { anyOf: [schema, { type: "null" }] }
  return {
    ...schema,
    ...(typeof schema.type === "string" ? { type: [schema.type, "null"] } : {}),
    ...(Array.isArray(schema.enum) && !schema.enum.includes(null) ? { enum: [...schema.enum, null] } : {}),
  }
}

/**
 * A GitHub Enterprise Server tells of users since when they are suspended. GitHub's description has the property only for
 * users that a search finds (`user-search-result-item`), and forbids others here.
 */
function withEnterprise(name: string, schema: Json): Json {
  if (name !== "public-user") return schema
  const suspended_at = { type: "string", format: "date-time", nullable: true }
  return { ...schema, properties: { ...(schema.properties as Json), suspended_at } }
}

/** The definitions that `roots` reach, each once. */
function definitionsFor(roots: unknown, document: Document): Record<string, unknown> {
  const definitions: Record<string, unknown> = {}
  const visit = (node: unknown): void => {
    for (const [, name] of JSON.stringify(node).matchAll(/"\$ref":"github#\/definitions\/([^"]+)"/g)) {
      if (name === undefined || name in definitions) continue
      const source = document.components.schemas?.[name]
      if (!source) throw new Error(`GitHub's description refers to ${name}, which it does not hold`)
      definitions[name] = schemaOf(withEnterprise(name, source))
      visit(definitions[name])
    }
  }
  visit(roots)
  return Object.fromEntries(Object.entries(definitions).sort(([a], [b]) => a.localeCompare(b)))
}

function resolve(node: Json, document: Document): Json {
  if (typeof node.$ref !== "string") return node
  const [group, name] = node.$ref.split("/").slice(-2)
  const found = document.components[group ?? ""]?.[name ?? ""]
  if (!found) throw new Error(`cannot resolve ${node.$ref}`)
  return found
}

const jsonSchema = (holder: Json | undefined): unknown =>
  ((holder?.content as Json | undefined)?.["application/json"] as Json | undefined)?.schema

function operation(method: string, path: string, source: Json, shared: Json[], document: Document): Json {
  const parameters = [...shared, ...((source.parameters as Json[] | undefined) ?? [])].map((p) => resolve(p, document))
  const body = source.requestBody ? resolve(source.requestBody as Json, document) : undefined
  const responses = Object.entries(source.responses as Record<string, Json>).map(([status, response]) => {
    const schema = jsonSchema(resolve(response, document))
    return [status, schema ? schemaOf(schema) : null]
  })
  return {
    method: method.toUpperCase(),
    path,
    query: Object.fromEntries(
      parameters.filter((p) => p.in === "query").map((p) => [p.name as string, schemaOf(p.schema)]),
    ),
    ...(jsonSchema(body) ? { body: schemaOf(jsonSchema(body)), bodyRequired: body?.required === true } : {}),
    responses: Object.fromEntries(responses),
  }
}

function extractOperations(document: Document): Json {
  const wanted = new Set(OPERATIONS)
  const operations: Record<string, Json> = {}
  for (const [path, item] of Object.entries(document.paths as Record<string, Json>)) {
    for (const [method, source] of Object.entries(item)) {
      const id = (source as Json).operationId as string | undefined
      if (!id || !wanted.delete(id)) continue
      operations[id] = operation(method, path, source as Json, (item.parameters as Json[] | undefined) ?? [], document)
    }
  }
  if (wanted.size > 0) throw new Error(`GitHub's description has no operation named: ${[...wanted].join(", ")}`)
  return {
    source: `@octokit/openapi ${OPENAPI_VERSION}`,
    operations,
    definitions: definitionsFor(operations, document),
  }
}

function extractWebhooks(document: Document, version: string): Json {
  const webhooks: Record<string, unknown> = {}
  for (const name of WEBHOOKS) {
    const source = ((document.webhooks as Record<string, Json>)[name]?.post as Json | undefined)?.requestBody as Json
    const schema = jsonSchema(source)
    if (!schema) throw new Error(`GitHub's description has no webhook named ${name}`)
    webhooks[name] = schemaOf(schema)
  }
  return { source: `@octokit/openapi-webhooks ${version}`, webhooks, definitions: definitionsFor(webhooks, document) }
}

function fetchOpenApi(): Document {
  const folder = mkdtempSync(join(tmpdir(), "openapi-"))
  try {
    execFileSync("npm", ["pack", "--silent", `@octokit/openapi@${OPENAPI_VERSION}`], { cwd: folder })
    const file = "package/generated/api.github.com.json"
    execFileSync("tar", ["xzf", `octokit-openapi-${OPENAPI_VERSION}.tgz`, file], { cwd: folder })
    return JSON.parse(readFileSync(join(folder, file), "utf8")) as Document
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function write(name: string, content: Json): void {
  const text = `${JSON.stringify(content)}\n`
  writeFileSync(join(TARGET, name), text)
  console.log(`${name}: ${Math.round(text.length / 1024)} kB`)
}

const packageFolder = join(ROOT, "node_modules/@octokit/openapi-webhooks")
const packageVersion = JSON.parse(readFileSync(join(packageFolder, "package.json"), "utf8")).version as string
write("operations.json", extractOperations(fetchOpenApi()))
write(
  "webhooks.json",
  extractWebhooks(
    JSON.parse(readFileSync(join(packageFolder, "generated/api.github.com.json"), "utf8")),
    packageVersion,
  ),
)
