import { compareBuild } from "semver"
import { versionOfTag } from "../model/tag.ts"
import type { Read, Reader } from "./reader.ts"
import { read, unknown, whyUnknown } from "./reader.ts"

/** A tag that stands for a version. `sha` is the commit, also where the tag is annotated. */
export interface VersionTag {
  readonly tag: string
  readonly version: string
  readonly sha: string
}

/** A tag and the commit it stands on. */
type Tag = Pick<VersionTag, "tag" | "sha">

/** Every tag that the template makes a version of, the highest version first. */
export async function readVersionTags(reader: Reader, template: string): Promise<Read<readonly VersionTag[]>> {
  const tags = await readTags(reader)
  return tags.is === "unknown" ? tags : read(versionTags(tags.value, template))
}

/** Those among the tags that a template makes a version of, the highest version first. */
export const versionTags = (tags: readonly Tag[], template: string): readonly VersionTag[] =>
  tags
    .flatMap(({ tag, sha }) => {
      const version = versionOfTag(tag, template)
      return version === null ? [] : [{ tag, version, sha }]
    })
    .sort((a, b) => compareBuild(b.version, a.version))

/**
 * Every tag of the repository.
 * https://docs.github.com/en/rest/repos/repos#list-repository-tags: all pages, annotated tags resolved to commits.
 */
export async function readTags(reader: Reader): Promise<Read<readonly Tag[]>> {
  const answer = await reader.all(
    (at) => reader.rest.repos.listTags({ ...at }),
    (items) => ({ items }),
  )
  if (answer.is === "refused") {
    if (answer.error.is === "empty") return read([])
    return unknown(`the tags could not be read: ${whyUnknown(answer.error)}`)
  }
  if (answer.is === "too many") return unknown("there are too many tags to read")
  return read(answer.data.map(({ name, commit }) => ({ tag: name, sha: commit.sha })))
}

/** Where a tag stands; null: the name is free. */
export async function readTag(reader: Reader, tag: string): Promise<Read<string | null>> {
  const answer = await reader.ask((at) => reader.rest.git.getRef({ ...at, ref: `tags/${tag}` }))
  if (answer.is === "refused")
    return answer.error.is === "gone" || answer.error.is === "empty"
      ? read(null)
      : unknown(`the tag \`${tag}\` could not be read: ${whyUnknown(answer.error)}`)
  const { type, sha } = answer.data.object
  return type === "tag" ? peel(reader, tag, sha) : read(sha)
}

/** An annotated tag may point at another one; git's own limit of patience is small, so is ours. */
async function peel(reader: Reader, tag: string, object: string): Promise<Read<string>> {
  let sha = object
  for (let depth = 0; depth < 5; depth++) {
    const answer = await reader.ask((at) => reader.rest.git.getTag({ ...at, tag_sha: sha }))
    if (answer.is === "refused") return unknown(`the tag \`${tag}\` could not be read: ${whyUnknown(answer.error)}`)
    sha = answer.data.object.sha
    if (answer.data.object.type !== "tag") return read(sha)
  }
  return unknown(`the tag \`${tag}\` points at a tag that points at a tag, too deep to follow`)
}
