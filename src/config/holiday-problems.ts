import type { Config } from "../model/config.ts"
import { holidayFilesIn } from "../model/holiday-files.ts"
import type { Problem } from "../model/problem.ts"
import { pathText } from "./explain.ts"
import type { Document } from "./parse-yaml.ts"

/**
 * An organisation's file names its holidays itself: a path would be looked for in each repository that extends it, and
 * there somebody else writes that file.
 */
export const holidayProblems = (config: Config, document: Document, file: string): Problem[] =>
  holidayFilesIn(config).map(({ path }) => {
    const message = `\`${pathText(path)}\` must be a list of dates in an organisation's file: repositories do not have its files`
    return { file, ...document.place(path), path: pathText(path), message }
  })
