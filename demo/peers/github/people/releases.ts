import { extraOf, iso, repositoryOf, userOf } from "../state.ts"
import { actAs, type Stage } from "./act.ts"

type ReleaseChange = { repo: string; releaseId: number; by: string }

/** Edits a release, draft or not, as on its page. */
export async function editRelease(
  stage: Stage,
  input: ReleaseChange & { name?: string; body?: string; tagName?: string },
): Promise<void> {
  await actAs(stage, input.by, "PATCH", pathOf(input), {
    ...(input.name === undefined ? {} : { name: input.name }),
    ...(input.body === undefined ? {} : { body: input.body }),
    ...(input.tagName === undefined ? {} : { tag_name: input.tagName }),
  })
}

/** Publishes a draft by hand. */
export async function publishRelease(stage: Stage, input: ReleaseChange): Promise<void> {
  await actAs(stage, input.by, "PATCH", pathOf(input), { draft: false })
}

/** Deletes a release; its tag stays, as at GitHub. */
export async function deleteRelease(stage: Stage, input: ReleaseChange): Promise<void> {
  await actAs(stage, input.by, "DELETE", pathOf(input))
}

/** Makes a release by hand; published at once unless it is a draft. Returns its id. */
export async function createRelease(
  stage: Stage,
  input: { repo: string; by: string; tagName: string; name?: string; body?: string; draft?: boolean; target?: string },
): Promise<number> {
  const { id } = await actAs<{ id: number }>(stage, input.by, "POST", `/repos/${input.repo}/releases`, {
    tag_name: input.tagName,
    name: input.name ?? input.tagName,
    body: input.body ?? "",
    draft: input.draft ?? false,
    ...(input.target ? { target_commitish: input.target } : {}),
  })
  return id
}

/** Uploads a file to a release, as a pipeline does; one of the same name is replaced. Returns its id. */
export function uploadAsset(
  { state }: Stage,
  input: { repo: string; releaseId: number; by: string; name: string; content: string } & {
    /** `open`: the upload has not ended. */
    state?: "open"
    /** As of files that were uploaded before GitHub reckoned digests. */
    withoutDigest?: boolean
  },
): number {
  const extra = extraOf(state, repositoryOf(state, input.repo))
  const { releaseId, name } = input
  extra.assets = extra.assets.filter((asset) => asset.releaseId !== releaseId || asset.name !== name)
  const id = state.nextId()
  extra.assets.push({
    id,
    releaseId,
    name,
    state: input.state ?? "uploaded",
    content: Buffer.from(input.content),
    hasDigest: input.withoutDigest !== true,
    uploaderId: userOf(state, input.by).id,
    at: iso(state.now()),
  })
  return id
}

const pathOf = ({ repo, releaseId }: ReleaseChange): string => `/repos/${repo}/releases/${releaseId}`
