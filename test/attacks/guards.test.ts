import { globSync, readFileSync } from "node:fs"
import { expect, test } from "vitest"
import { GUARDS } from "./guards.ts"
import { takeOut } from "./take-out.ts"

/** Whether stories and guards fit together. That a story turns red without its guard is `npm run test:attacks:mutants`. */
const read = (file: string): string => readFileSync(file, "utf8")

/** The titles of the stories in a test file. */
const titlesIn = (file: string): readonly string[] =>
  [...read(file).matchAll(/(?:\btest\(|\]\)\(|>\()\s*"([^"]+)"/g)].map(([, title = ""]) => title)

const storyFiles = globSync("test/attacks/*.test.ts").filter((file) => !file.endsWith("guards.test.ts"))
const TAG = /guard: ([a-z0-9-]+)/g

test("every guard stands in the code, with its name, and can be taken out", () => {
  const wrong = GUARDS.flatMap((guard) => {
    const result = takeOut(guard, read)
    return "because" in result ? [`${guard.tag}: ${result.because}`] : []
  })
  expect(wrong).toEqual([])
  const tags = GUARDS.map(({ tag }) => tag)
  expect(tags).toEqual([...new Set(tags)])
})

test("every guard that the code names has a story", () => {
  const named = globSync("{src,gate}/**/*.{ts,js}").flatMap((file) =>
    [...read(file).matchAll(TAG)].map(([, tag = ""]) => `${file}: ${tag}`),
  )
  expect(named.toSorted()).toEqual(GUARDS.map(({ tag, file }) => `${file}: ${tag}`).toSorted())
})

test("every story of a guard exists", () => {
  const missing = GUARDS.flatMap(({ tag, stories: [file, ...titles] }) => {
    const text = read(file)
    const gone = titles.filter((title) => !text.includes(title))
    return titles.length === 0 ? [`${tag}: no story`] : gone.map((title) => `${tag}: ${file} has no story “${title}”`)
  })
  expect(missing).toEqual([])
})

test("every story has a guard", () => {
  const guarded = (file: string, title: string) =>
    GUARDS.some(({ stories: [of, ...titles] }) => of === file && titles.some((part) => title.includes(part)))
  expect(storyFiles.length).toBeGreaterThan(4)
  const bare = storyFiles.flatMap((file) =>
    titlesIn(file).flatMap((title) => (guarded(file, title) ? [] : [`${file}: ${title}`])),
  )
  expect(bare).toEqual([])
})
