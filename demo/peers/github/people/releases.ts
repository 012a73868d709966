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

const pathOf = ({ repo, releaseId }: ReleaseChange): string => `/repos/${repo}/releases/${releaseId}`
