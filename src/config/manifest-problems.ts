import { manifestProblem } from "../manifests/locate.ts"
import type { Config } from "../model/config.ts"
import type { Problem } from "../model/problem.ts"
import type { Document, Step } from "./parse-yaml.ts"

type Manifests = Config["publish"]["manifests"]

/** As many annotations as GitHub takes in one request. */
const MOST = 50

/** What is wrong with the manifests of a configuration, on the place of each pattern or path. */
export function manifestProblems({ publish, components }: Config, document: Document, file: string): Problem[] {
  const lists: [readonly Step[], Manifests][] = [
    [["publish", "manifests"], publish.manifests],
    ...Object.entries(components).map(([name, { manifests = [] }]): [Step[], Manifests] => [
      ["components", name, "manifests"],
      manifests,
    ]),
  ]
  return lists
    .flatMap(([path, manifests]) =>
      manifests.flatMap((manifest, index): Problem[] => {
        const problem = manifestProblem(manifest)
        if (!problem) return []
        // A manifest may be written as its path alone: then there is no key of that name, and the entry is the place.
        const entry = [...path, index]
        const at = typeof document.found(entry) === "string" ? entry : [...entry, problem.at]
        const key = `${path.join(".")}[${index}]`
        return [{ file, ...document.place(at), path: key, message: `\`${key}\`: ${problem.because}` }]
      }),
    )
    .slice(0, MOST)
}
