import { z } from "zod"

const words = z
  .array(
    z.union([z.string(), z.number()], "must be text").transform((word) => String(word)),
    "must be a list, such as `[enhancement]`",
  )
  .default([])
const exclude = z.object({ labels: words, authors: words }, "must hold `labels` or `authors`").prefault({})

/**
 * `.github/release.yml`: how GitHub's own generated notes are arranged. Keys that GitHub may know and we do not are let
 * be. https://docs.github.com/en/repositories/releasing-projects-on-github/automatically-generated-release-notes
 */
export const githubNotesSchema = z.object(
  {
    changelog: z
      .object(
        {
          exclude,
          categories: z
            .array(
              z.object(
                {
                  title: z.string("must be the section's heading, such as `Features`").min(1),
                  labels: words,
                  exclude,
                },
                "must be a mapping with `title` and `labels`",
              ),
              "must be a list of categories, each with `title` and `labels`",
            )
            .default([]),
        },
        "must hold `exclude` or `categories`",
      )
      .prefault({}),
  },
  "must begin with `changelog:`",
)

export type GitHubNotes = z.output<typeof githubNotesSchema>["changelog"]
