import { AUDIT_FILE } from "../model/checkpoint.ts"
import type { Publish } from "../model/effect.ts"
import type { Json } from "../model/json.ts"
import type { Handle, Outcome } from "../model/outcome.ts"
import { draftTarget } from "../model/target.ts"
import { toPeerError } from "../peers/errors.ts"
import { stillThere } from "./assets.ts"
import { attachAudit, attachedBefore } from "./audit-file.ts"
import { type Family, type OnGitHub, type Peers, refused } from "./context.ts"
import { commitOfTag, tagAt } from "./tag.ts"

/** Tag first, then the release: where the tag stands is settled before anybody can see the release. */
export const publish: Family<"publish", OnGitHub & Pick<Peers, "checkpoint">> = async (effect, context) => {
  const { content } = effect
  const draft = context.handles[draftTarget(content.release)] ?? context.handle
  if (!draft) return refused("gone", `There is no draft to publish as ${content.tag}; the next run makes a new one.`)
  const before = await read(draft, context)
  if (before === "gone")
    return refused("gone", `The draft of ${content.tag} was deleted; nothing was tagged or published.`)
  if (!before.draft) return alreadyOut(before, draft, content, context)

  const { audit } = content
  const attached = audit && (await attachAudit(before, { ...content, audit }, context, context.checkpoint))
  if (attached?.is === "foreign")
    return refused(
      "invalid",
      `The draft of ${content.tag} has a file ${AUDIT_FILE} that ${attached.by} put there: by that name a release carries where its audit trail stands. Nothing was tagged or published: delete the file, then press Publish again.`,
    )

  if (!(await stillThere(draft, content.assets, context)))
    return refused(
      "invalid",
      `The files on the draft of ${content.tag} changed while it was being published. Nothing was tagged or published: look at them, then press Publish again.`,
    )
  const tagged = await tagAt(context, content)
  switch (tagged.is) {
    case "elsewhere":
      return refused(
        "taken",
        `The tag ${content.tag} already stands on ${tagged.sha.slice(0, 7)}, not on the candidate ${content.sha.slice(0, 7)}. Nothing was published: delete that tag, or release another version.`,
      )
    case "refused":
      return refused(
        "invalid",
        `GitHub did not let Slipway create the tag ${content.tag}: a ruleset may restrict tags. Nothing was published. (${tagged.because})`,
      )
    case "at":
      return release(draft, content, context, attached?.result)
  }
}

interface Seen {
  readonly id: number
  readonly draft: boolean
  readonly tag_name: string
  readonly html_url: string
  readonly published_at: string | null
  readonly upload_url: string
  readonly assets: readonly {
    readonly id: number
    readonly name: string
    readonly uploader: { readonly login: string } | null
  }[]
}

async function read(draft: Handle, { octokit, at }: OnGitHub): Promise<Seen | "gone"> {
  try {
    return (await octokit.rest.repos.getRelease({ ...at, release_id: Number(draft.id) })).data
  } catch (error) {
    if (toPeerError(error).is === "gone") return "gone"
    throw error
  }
}

/** Published by an earlier attempt of ours, or by a person: only the right tag on the candidate makes it done. */
async function alreadyOut(
  seen: Seen,
  draft: Handle,
  { tag, sha, audit }: Publish,
  context: OnGitHub,
): Promise<Outcome> {
  const stands = await commitOfTag(context, seen.tag_name)
  if (seen.tag_name === tag && stands === sha)
    return done(seen, draft, audit ? await attachedBefore(seen, context) : {})
  return refused(
    "taken",
    `The release was published by somebody else, as ${seen.tag_name} on ${stands?.slice(0, 7) ?? "no commit"}, not as ${tag} on ${sha.slice(0, 7)}.`,
  )
}

/** https://docs.github.com/en/rest/releases/releases#update-a-release */
async function release(
  draft: Handle,
  content: Publish,
  context: OnGitHub,
  result: { readonly [key: string]: Json } | undefined,
): Promise<Outcome> {
  const { octokit, at } = context
  try {
    const { data } = await octokit.rest.repos.updateRelease({
      ...at,
      release_id: Number(draft.id),
      tag_name: content.tag,
      target_commitish: content.sha,
      draft: false,
      prerelease: content.prerelease,
      make_latest: content.latest ? "true" : "false",
    })
    if (!data.draft && data.tag_name === content.tag) return done(data, draft, result)
    return refused(
      "invalid",
      `GitHub answered well, but the release is not published as ${content.tag}: see ${data.html_url}`,
    )
  } catch (error) {
    if (toPeerError(error).is !== "gone") throw error
    return refused(
      "gone",
      `The draft was deleted while it was being published. The tag ${content.tag} stands on ${content.sha.slice(0, 7)}, but no release belongs to it.`,
    )
  }
}

/** The handle of the draft is kept with its body's hash; only its address has changed. */
const done = (
  seen: Pick<Seen, "html_url" | "published_at">,
  draft: Handle,
  result: { readonly [key: string]: Json } = {},
): Outcome => ({
  is: "done",
  handle: { ...draft, url: seen.html_url },
  result: { ...result, url: seen.html_url, at: seen.published_at },
})
