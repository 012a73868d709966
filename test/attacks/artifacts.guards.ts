import type { Guard } from "./guard.ts"

const STORIES = "test/decide/artifact.test.ts"
const BUNDLES = "test/peers/attestations.test.ts"
const GATE = "src/decide/promotion/attestation.ts"

export const artifactGuards: readonly Guard[] = [
  {
    tag: "mutable-artifact",
    file: "src/decide/promotion/artifact.ts",
    takenOut: [
      ['if (named?.is !== "mutable") return undefined', 'if (named?.is !== "mutable" || named.ref) return undefined'],
    ],
    stories: [STORIES, "that can be moved is turned away"],
  },
  {
    tag: "artifact-of-before",
    file: "src/decide/promotion/artifact.ts",
    takenOut: [["if (live.join() !== digests.join())", "if (live.length === 0)"]],
    stories: [STORIES, "another one than in staging", "one more than in staging"],
  },
  {
    tag: "digest-of-another-app",
    file: "src/model/artifact.ts",
    takenOut: [["&& (app === undefined || one.app === app)", ""]],
    stories: [STORIES, "is of another App", "is a status, which names no App"],
  },
  {
    tag: "attestation-read-now",
    file: GATE,
    takenOut: [
      [
        "return digests.every((digest) => own(entry.run.facts.learned.attestations, digest) !== undefined)",
        "return digests.length > 0",
      ],
    ],
    stories: ["test/decide/missing-entry-facts.test.ts", "what vouches for the artifact, read now"],
  },
  {
    tag: "attestation-issuer",
    file: GATE,
    takenOut: [["if (!issuers.some((one)", "if (issuers.length === 0 && !issuers.some((one)"]],
    stories: [STORIES, "by who is not GitHub", "by who looks like GitHub"],
  },
  {
    tag: "attestation-repository",
    file: GATE,
    takenOut: [["if (repositoryId !== run.repo.id)", 'if (repositoryId === "")']],
    stories: [STORIES, "of a repository that has the name now"],
  },
  {
    tag: "attestation-commit",
    file: GATE,
    takenOut: [["if (sha !== released)", 'if (sha === "")']],
    stories: [STORIES, "of another commit"],
  },
  {
    tag: "attestation-signer",
    file: GATE,
    takenOut: [["if (!isSigner(entry, signer))", 'if (signer === "")']],
    stories: [STORIES, "by a workflow of another repository", "another one than is named"],
  },
  {
    tag: "attestation-of-another",
    file: "src/peers/attestations.ts",
    takenOut: [["return isAbout || ", "return isAbout || !isAbout || "]],
    stories: [BUNDLES, "of another artifact"],
  },
]
