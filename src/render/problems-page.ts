import type { ProblemsPage } from "../model/page.ts"
import type { Problem } from "../model/problem.ts"
import { bullets, type Markdown, page, part } from "./check-parts.ts"
import { escapeMarkdown } from "./escape-markdown.ts"
import { count, cut, list } from "./words.ts"

/** A line of a file with what is wrong there, in the words of GitHub's Checks API. */
export interface Annotation {
  readonly path: string
  readonly start_line: number
  readonly end_line: number
  readonly annotation_level: "failure" | "warning"
  readonly title: string
  readonly message: string
}

/** At most 50 annotations a request. https://docs.github.com/en/rest/checks/runs#create-a-check-run */
const ANNOTATIONS = 50

type Problems = Pick<ProblemsPage, "files" | "problems">

export const problemsTitle = ({ files, problems }: Problems): string =>
  problems.length === 0
    ? `${list(files.map(fileName)) || "Configuration"} ${files.length > 1 ? "are" : "is"} valid`
    : `${count(problems.length, "problem")} in ${list([...new Set(problems.map((p) => fileName(p.file)))])}`

const fileName = (path: string): string => path.slice(path.lastIndexOf("/") + 1)

export const problemsSummary = ({ files, problems }: Problems): Markdown =>
  problems.length === 0
    ? `Read without a mistake: ${list(files.map(escapeMarkdown)) || "no file of Slipway's"}.`
    : page([
        "Correct these lines and push. Until then no release is ready, and the gates that were in force stay in force.",
        part("Problems", bullets(problems.slice(0, ANNOTATIONS).map(problemLine))),
        problems.length > ANNOTATIONS
          ? `… and ${count(problems.length - ANNOTATIONS, "more problem")}, listed below.`
          : "",
      ])

/** Those that have no annotation and stand not in the summary; empty when there are none. */
export const problemsText = ({ problems }: Pick<Problems, "problems">): Markdown =>
  part("More problems", bullets(problems.slice(ANNOTATIONS).map(problemLine)))

/** The first fifty: GitHub appends annotations with each request and never takes one away, so they are sent once. */
export const annotations = (
  problems: readonly Problem[],
  level: Annotation["annotation_level"] = "failure",
): readonly Annotation[] =>
  problems.slice(0, ANNOTATIONS).map((it) => ({
    path: it.file,
    start_line: it.line,
    end_line: Math.max(it.line, it.endLine),
    annotation_level: level,
    title: cut(it.path || fileName(it.file), 255),
    message: cut(it.message, 4000),
  }))

export const problemLine = (it: Problem): Markdown =>
  `${escapeMarkdown(it.file)}, line ${it.line}, column ${it.column}: ${escapeMarkdown(it.message)}`
