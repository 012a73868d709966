import {
  actorOf,
  created,
  list,
  noContent,
  numberParam,
  ok,
  type RepositoryCall,
  type RepositoryEndpoint,
} from "../call.ts"
import { releaseAsset } from "../shapes/release.ts"
import { type Asset, extraOf, invalid, iso, notFound } from "../state.ts"

const listAssets: RepositoryEndpoint = (call) => {
  const { state, repository } = call
  const release = state.tables.releases.get(numberParam(call, "release_id"))
  if (release?.repo_id !== repository.id) throw notFound()
  const assets = extraOf(state, repository).assets.filter(({ releaseId }) => releaseId === release.id)
  return list(call, assets, (asset) => releaseAsset(state, repository, asset))
}

/** Asked for as `application/octet-stream`, an asset is its content; GitHub may redirect to it. */
const get: RepositoryEndpoint = (call) => {
  const asset = find(call)
  if (call.request.headers.accept !== "application/octet-stream")
    return ok(releaseAsset(call.state, call.repository, asset))
  return { status: 200, raw: asset.content, headers: { "content-type": "application/octet-stream" } }
}

/** https://docs.github.com/en/rest/releases/assets#upload-a-release-asset */
const upload: RepositoryEndpoint = (call) => {
  const { state, repository, request } = call
  const release = state.tables.releases.get(numberParam(call, "release_id"))
  if (release?.repo_id !== repository.id) throw notFound()
  const name = request.query.get("name")
  if (!name) throw invalid({ resource: "ReleaseAsset", code: "missing_field", field: "name" })
  const { assets } = extraOf(state, repository)
  if (assets.some((it) => it.releaseId === release.id && it.name === name))
    throw invalid({ resource: "ReleaseAsset", code: "already_exists", field: "name" })
  const asset: Asset = {
    id: state.nextId(),
    releaseId: release.id,
    name,
    state: "uploaded",
    contentType: request.headers["content-type"] ?? "application/octet-stream",
    content: Buffer.from(request.text),
    hasDigest: true,
    uploaderId: actorOf(call).id,
    at: iso(state.now()),
  }
  assets.push(asset)
  return created(releaseAsset(state, repository, asset))
}

const remove: RepositoryEndpoint = (call) => {
  const gone = find(call)
  const extra = extraOf(call.state, call.repository)
  extra.assets = extra.assets.filter((asset) => asset !== gone)
  return noContent
}

function find(call: RepositoryCall): Asset {
  const id = numberParam(call, "asset_id")
  const asset = extraOf(call.state, call.repository).assets.find((it) => it.id === id)
  if (!asset) throw notFound()
  return asset
}

export const assetEndpoints: Record<string, RepositoryEndpoint> = {
  "repos/list-release-assets": listAssets,
  "repos/get-release-asset": get,
  "repos/upload-release-asset": upload,
  "repos/delete-release-asset": remove,
}
