import { actorOf, created, ok, type RepositoryCall, type RepositoryEndpoint, text } from "../call.ts"
import { type Signature, signatureOf, WEB_FLOW, writeCommit } from "../commit.ts"
import { forward } from "../forward.ts"
import { commitOf } from "../git.ts"
import { gitCommit } from "../shapes/commit.ts"
import { notFound, unprocessable } from "../state.ts"

const getCommit: RepositoryEndpoint = (call) => {
  const row = commitOf(call.state, call.repository, call.params.commit_sha ?? "")
  if (!row) throw notFound()
  return ok(gitCommit(call.state, call.repository, row))
}

/**
 * A commit of an App that names neither author nor committer is the bot's, committed and signed by GitHub; with either
 * it is taken as it is, unsigned.
 * https://docs.github.com/en/authentication/managing-commit-signature-verification/about-commit-signature-verification#signature-verification-for-bots
 */
const createCommit: RepositoryEndpoint = async (call) => {
  const { state, repository, request } = call
  const { tree, message, parents = [] } = request.body
  if (typeof tree !== "string" || typeof message !== "string" || !Array.isArray(parents)) throw unprocessable("Invalid")
  for (const parent of parents)
    if (!commitOf(state, repository, String(parent))) throw unprocessable("Parent SHA does not exist")
  const bot = call.caller.kind === "installation"
  const author = person(call, "author")
  const committer = person(call, "committer")
  const row = await writeCommit(state, repository, {
    message,
    tree,
    parents: parents.map(String),
    author: author ?? signatureOf(actorOf(call)),
    committer: committer ?? author ?? (bot ? WEB_FLOW : signatureOf(actorOf(call))),
  })
  return created(gitCommit(state, repository, row))
}

function person({ request }: RepositoryCall, name: "author" | "committer"): Signature | undefined {
  const given = request.body[name] as Partial<Signature> | undefined
  return given?.name && given.email ? { name: given.name, email: given.email } : undefined
}

/** GitHub asks for `workflows: write` of an App that changes a workflow, and calls it not found. */
const createTree: RepositoryEndpoint = (call) => {
  const entries = (call.request.body.tree ?? []) as readonly { readonly path?: string }[]
  const touches = entries.some(({ path }) => path?.startsWith(".github/workflows/"))
  if (touches && call.caller.kind === "installation" && call.caller.permissions.workflows !== "write") throw notFound()
  if (entries.length === 0 && text(call, "base_tree") === undefined) throw unprocessable("Invalid tree info")
  return forward(call)
}

export const objectEndpoints: Record<string, RepositoryEndpoint> = {
  "git/get-commit": getCommit,
  "git/create-commit": createCommit,
  "git/create-tree": createTree,
}
