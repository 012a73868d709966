import type { Clone } from "./clone.ts"
import { Move, type Rule } from "./move.ts"
import { listOf, mappingOf, type PeerFile, readPeerFile, textOf, textsOf } from "./peer-file.ts"

/**
 * `.github/release.yml`, GitHub's own
 * (https://docs.github.com/en/repositories/releasing-projects-on-github/automatically-generated-release-notes). Without a
 * `slipway.yml` Slipway reads it itself; with one its sections have to stand there.
 */
export function fromGitHubNotes(clone: Clone): Move | undefined {
  const file = readPeerFile(clone, ".github/release.yml") ?? readPeerFile(clone, ".github/release.yaml")
  if (!file) return undefined
  const move = new Move("GitHub's generated notes", file)
  const changelog = mappingOf(mappingOf(file.value).changelog)
  excluded(move, file, ["changelog", "exclude"], changelog.exclude)
  for (const [index, category] of listOf(changelog.categories).map(mappingOf).entries()) {
    const path = ["changelog", "categories", index]
    const section = textOf(category.title)
    const labels = textsOf(category.labels)
    if (section === undefined || labels.length === 0) continue
    const when: Rule["when"] = labels.includes("*") ? { title: "*" } : { label: [...labels] }
    move.carry(file, path, "changes", [{ when, section }])
    if (category.exclude !== undefined)
      move.lose(
        file,
        [...path, "exclude"],
        "a section leaves nothing out; put a rule before it that names another section",
      )
  }
  move.loseTheRest(file)
  return move
}

function excluded(move: Move, file: PeerFile, path: readonly string[], exclude: unknown): void {
  const { labels, authors } = mappingOf(exclude)
  const rules: Rule[] = [
    ...(textsOf(labels).length > 0 ? [{ when: { label: [...textsOf(labels)] }, exclude: true }] : []),
    ...(textsOf(authors).length > 0 ? [{ when: { author: [...textsOf(authors)] }, exclude: true }] : []),
  ]
  if (rules.length > 0) move.carry(file, path, "changes", rules, "what is excluded asks for no version either")
}
