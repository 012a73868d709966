import { createHash } from "node:crypto"
import type { ReleaseRow, RepositoryRow } from "../rows.ts"
import { type Asset, extraOf, type GitHubState, nodeId } from "../state.ts"
import { accountById } from "./accounts.ts"
import { apiOf, uploadsOf, webOf } from "./repository.ts"

type Json = Record<string, unknown>

/** With the setting on, GitHub locks a release when it is published. */
export const isImmutable = (state: GitHubState, repository: RepositoryRow, row: ReleaseRow): boolean =>
  extraOf(state, repository).immutableReleases && !row.draft

/** A release as the API shows it. A draft has no tag yet, so its page is `untagged-…`, as at GitHub. */
export function release(state: GitHubState, repository: RepositoryRow, row: ReleaseRow): Json {
  const api = `${apiOf(state, repository)}/releases/${row.id}`
  const page = row.draft
    ? `untagged-${createHash("sha1").update(`${repository.id}/${row.id}`).digest("hex").slice(0, 20)}`
    : encodeURIComponent(row.tag_name)
  const archive = (kind: string) => (row.draft ? null : `${apiOf(state, repository)}/${kind}/${row.tag_name}`)
  return {
    url: api,
    html_url: `${webOf(state, repository)}/releases/tag/${page}`,
    assets_url: `${api}/assets`,
    upload_url: `${uploadsOf(state, repository)}/releases/${row.id}/assets{?name,label}`,
    tarball_url: archive("tarball"),
    zipball_url: archive("zipball"),
    id: row.id,
    node_id: nodeId("Release", row.id),
    tag_name: row.tag_name,
    target_commitish: row.target_commitish,
    name: row.name,
    body: row.body,
    draft: row.draft,
    prerelease: row.prerelease,
    immutable: isImmutable(state, repository, row),
    created_at: row.created_at,
    updated_at: row.updated_at,
    published_at: row.published_at,
    author: accountById(state, row.author_id),
    assets: extraOf(state, repository)
      .assets.filter(({ releaseId }) => releaseId === row.id)
      .map((asset) => releaseAsset(state, repository, asset)),
  }
}

/** An asset as the API shows it. GitHub reckons the digest itself. */
export function releaseAsset(state: GitHubState, repository: RepositoryRow, asset: Asset): Json {
  return {
    url: `${apiOf(state, repository)}/releases/assets/${asset.id}`,
    browser_download_url: `${webOf(state, repository)}/releases/download/${asset.releaseId}/${encodeURIComponent(asset.name)}`,
    id: asset.id,
    node_id: nodeId("ReleaseAsset", asset.id),
    name: asset.name,
    label: "",
    state: asset.state,
    content_type: asset.contentType ?? "application/octet-stream",
    size: asset.content.length,
    digest: asset.hasDigest ? `sha256:${createHash("sha256").update(asset.content).digest("hex")}` : null,
    download_count: 0,
    created_at: asset.at,
    updated_at: asset.at,
    uploader: accountById(state, asset.uploaderId),
  }
}
