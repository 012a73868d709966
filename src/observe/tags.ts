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

/**
 * Every tag that the template makes a version of, the highest version first.
 * https://docs.github.com/en/rest/repos/repos#list-repository-tags: all pages, annotated tags resolved to commits.
 */
export async function readVersionTags(reader: Reader, template: string): Promise<Read<readonly VersionTag[]>> {
  const answer = await reader.all(
    (at) => reader.rest.repos.listTags({ ...at }),
    (items) => ({ items }),
  )
  if (answer.is === "refused") {
    if (answer.error.is === "empty") return read([])
    return unknown(`the tags could not be read: ${whyUnknown(answer.error)}`)
  }
  if (answer.is === "too many") return unknown("there are too many tags to read")
  const tags = answer.data.flatMap(({ name, commit }): VersionTag[] => {
    const version = versionOfTag(name, template)
    return version === null ? [] : [{ tag: name, version, sha: commit.sha }]
  })
  return read(tags.sort((a, b) => compareBuild(b.version, a.version)))
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
