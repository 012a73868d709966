import { ok, type RepositoryEndpoint } from "../call.ts"
import { extraOf, notFound } from "../state.ts"

/** https://docs.github.com/en/rest/repos/attestations#list-attestations; of an artifact that has none GitHub knows nothing */
const listAttestations: RepositoryEndpoint = ({ state, repository, params }) => {
  const { attestations } = extraOf(state, repository)
  const found = attestations.filter(({ digest }) => digest === params.subject_digest)
  if (found.length === 0) throw notFound()
  return ok({ attestations: found.map(({ bundle }) => ({ bundle, repository_id: repository.id })) })
}

export const attestationEndpoints: Record<string, RepositoryEndpoint> = { "repos/list-attestations": listAttestations }
