import type { GitHubPeer } from "../../../demo/peers/github.ts"

/** tina of @acme/qa, who may write nowhere. For `before` of a stage. */
export async function withQa(github: GitHubPeer): Promise<void> {
  github.createUser("tina")
  github.createTeam("acme", "qa", ["tina"])
}
