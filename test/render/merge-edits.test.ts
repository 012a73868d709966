import fc from "fast-check"
import { describe, expect, test } from "vitest"
import { splitDraftBody } from "../../src/model/draft-body.ts"
import { handOf, linesIn } from "../../src/model/hand.ts"
import type { Notes, NotesEntry } from "../../src/model/notes.ts"
import { renderDraftBody } from "../../src/render/draft-body.ts"

/** `7 pay by invoice` is pull request #7. */
const entry = (text: string): NotesEntry => {
  const [number = "", ...words] = text.split(" ")
  return { text: words.join(" "), number: Number(number), sha: number.padStart(40, "0") }
}
type Sections = { readonly [title: string]: readonly string[] }
const notes = (sections: Sections, contributors: readonly string[] = []): Notes => ({
  version: "1.5.0",
  previous: null,
  tag: "v1.5.0",
  repository: "acme/app",
  breaking: [],
  sections: Object.entries(sections).map(([title, texts]) => ({ title, folded: false, entries: texts.map(entry) })),
  contributors,
  changes: Object.values(sections).flat().length,
})
const START: Sections = { Features: ["7 pay by invoice", "8 pay by card"], "Bug Fixes": ["9 round half up"] }

const body = (of: Notes, before?: string) =>
  renderDraftBody({
    repositoryId: "1",
    release: "3",
    notes: of,
    hand: before ? handOf(before) : { above: "", below: "" },
  })
const inside = (text: string) => splitDraftBody(text)?.generated ?? ""
/** What stands after `edit` of the first draft and a regeneration with `next`. */
const regenerated = (edit: (text: string) => string, next: Sections, people: readonly string[] = []) => {
  const first = body(notes(START))
  const edited = edit(first)
  if (edited === first) throw new Error("the edit changed nothing")
  return inside(body(notes(next, people), edited))
}
const replace = (a: string, b: string) => (text: string) => text.replace(a, b)

describe("an edit inside of the generated section", () => {
  test("a line that was reworded stays, and the next change comes in", () => {
    expect(
      regenerated(replace("pay by invoice", "Pay later, by invoice"), {
        ...START,
        Features: ["7 pay by invoice", "8 pay by card", "10 pay by phone"],
      }),
    ).toBe(
      "### Features\n\n- Pay later, by invoice (#7)\n- pay by card (#8)\n- pay by phone (#10)\n\n### Bug Fixes\n\n- round half up (#9)\n",
    )
  })

  test("a line that was deleted stays deleted", () => {
    expect(regenerated(replace("- pay by card (#8)\n", ""), { ...START, Documentation: ["11 explain"] })).toBe(
      "### Features\n\n- pay by invoice (#7)\n\n### Bug Fixes\n\n- round half up (#9)\n\n### Documentation\n\n- explain (#11)\n",
    )
  })

  test("a paragraph that was added stays where it was put", () => {
    const edit = replace("### Features\n", "### Features\n\nThe **big** ones:\n")
    expect(regenerated(edit, { ...START, Features: ["6 earlier", ...(START.Features ?? [])] })).toBe(
      "### Features\n\nThe **big** ones:\n\n- earlier (#6)\n- pay by invoice (#7)\n- pay by card (#8)\n\n### Bug Fixes\n\n- round half up (#9)\n",
    )
  })

  test("a line that was moved stays where it was put, and goes with its change", () => {
    const edit = (text: string) =>
      text.replace("- round half up (#9)\n", "").replace("- pay by invoice", "- round half up (#9)\n- pay by invoice")
    expect(regenerated(edit, START)).toMatch(/^### Features\n\n- round half up \(#9\)\n- pay by invoice/)
    expect(regenerated(edit, { Features: START.Features ?? [] })).not.toContain("round half up")
  })

  test("a reworded line goes with its change into another section", () => {
    const edit = replace("pay by card", "Cards!")
    expect(
      regenerated(edit, { Features: ["7 pay by invoice"], "Bug Fixes": ["8 pay by card", "9 round half up"] }),
    ).toBe("### Features\n\n- pay by invoice (#7)\n\n### Bug Fixes\n\n- Cards! (#8)\n- round half up (#9)\n")
  })

  test("a title that changed as well is said, not written", () => {
    const text = regenerated(replace("pay by card", "Cards!"), {
      ...START,
      Features: ["7 pay by invoice", "8 pay by credit card"],
    })
    expect(text).toContain("- Cards! (#8)\n")
    expect(text).toMatch(/<!-- slipway:kept\n[^\n]*\nSlipway would write by now: - pay by credit card \(#8\)\n-->\n$/)
  })

  test("a reworded line whose change left the release is kept, and said", () => {
    const text = regenerated(replace("pay by card", "Cards!"), { ...START, Features: ["7 pay by invoice"] })
    expect(text).toMatch(/- pay by invoice \(#7\)\n- Cards! \(#8\)\n/)
    expect(text).toMatch(/\nNo longer part of this release: - Cards! \(#8\)\n-->\n$/)
  })

  test("a deleted section stays away until it has something new", () => {
    const edit = replace("\n### Bug Fixes\n\n- round half up (#9)\n", "")
    expect(regenerated(edit, START)).toBe("### Features\n\n- pay by invoice (#7)\n- pay by card (#8)\n")
    expect(regenerated(edit, { ...START, "Bug Fixes": ["9 round half up", "12 round down"] })).toMatch(
      /\n\n### Bug Fixes\n\n- round down \(#12\)\n$/,
    )
  })

  test("deleted contributors stay deleted, also when there are more of them", () => {
    const first = body(notes(START, ["ann"]))
    const edited = first.replace("\n**Contributors:** @ann\n", "")
    expect(inside(body(notes(START, ["ann", "ben"]), edited))).not.toContain("Contributors")
  })

  test("all of it deleted: it is written anew", () => {
    expect(regenerated((text) => text.replace(inside(text), "\n"), START)).toBe(inside(body(notes(START))))
  })

  test("an editor's line ends and blanks at the end are no edit", () => {
    const first = body(notes(START))
    expect(handOf(first.replaceAll("\n", "\r\n").replaceAll("(#7)", "(#7)  "))).toEqual({ above: "", below: "" })
  })

  test("a body of old, whose marker remembers nothing, is written anew", () => {
    const old = body(notes(START))
      .replace(/ of=[\w-]*/, "")
      .replace("card", "cheque")
    expect(body(notes(START), old)).toBe(body(notes(START)))
  })

  test("a remark ends where it ends, whatever a line holds", () => {
    const text = regenerated(replace("pay by card", "--> <!-- Cards! -- >"), {
      ...START,
      Features: ["7 pay by invoice"],
    })
    expect(text.match(/-->/g)?.length).toBe(2)
    expect(splitDraftBody(body(notes(START), body(notes(START))))).not.toBeNull()
  })
})

test("edited notes that are too long keep the edits, and are as short as they have to be", () => {
  const many = Array.from({ length: 6_000 }, (_, at) => `${at + 10} some change of the many that there are`)
  const edited = body(notes(START)).replace("- pay by card", `${"Words of Ana's. ".repeat(3_000)}\n\n- pay by card`)
  const text = body(notes({ Features: [...(START.Features ?? []), ...many] }), edited)
  expect(Buffer.byteLength(text)).toBeLessThanOrEqual(125_000)
  expect(Buffer.byteLength(text)).toBeGreaterThan(100_000)
  expect(text.includes("Words of Ana's. ".repeat(2_999))).toBe(true)
  expect(text.includes("of 6002 changes are only counted")).toBe(true)
})

test("a hundred thousand lines that somebody pasted are taken in", () => {
  const pasted = Array.from({ length: 20_000 }, (_, at) => `${at % 50}`).join("\n")
  const text = body(notes(START), body(notes(START)).replace("- pay by card", `${pasted}\n- pay by card`))
  expect(linesIn(inside(text))).toHaveLength(20_005)
})

/** Lines that a person writes: some name changes, some look like ours. */
const words = fc.constantFrom(
  "Mine.",
  "- mine",
  "- reworded (#7)",
  "- x (#8) (#9)",
  "### Bug Fixes",
  "> quote",
  "# 9",
  "<details>",
)
const operation = fc.record({
  at: fc.nat(20),
  what: fc.constantFrom("delete", "replace", "insert", "move"),
  text: words,
  to: fc.nat(20),
})
const edit = fc.array(operation, { maxLength: 6 })
const sections = fc
  .uniqueArray(fc.integer({ min: 1, max: 12 }), { maxLength: 10 })
  .chain((numbers) =>
    fc.tuple(
      ...numbers.map((number) =>
        fc.tuple(fc.constant(number), fc.constantFrom("Features", "Bug Fixes", "Docs"), fc.constantFrom("a", "b")),
      ),
    ),
  )
  .map((all): Sections => {
    const of: { [title: string]: string[] } = {}
    for (const [number, title, text] of all) of[title] = [...(of[title] ?? []), `${number} ${text}`]
    return of
  })
type Operation = typeof operation extends fc.Arbitrary<infer T> ? T : never

function edited(text: string, operations: readonly Operation[]): string {
  const lines = inside(text).split("\n")
  for (const { at, what, text: line, to } of operations) {
    const index = at % lines.length
    if (what === "delete") lines.splice(index, 1)
    else if (what === "replace") lines[index] = line
    else if (what === "insert") lines.splice(index, 0, line)
    else lines.splice(to % lines.length, 0, ...lines.splice(index, 1))
  }
  return text.replace(inside(text), () => lines.join("\n"))
}
const texts = (of: string) => linesIn(inside(of)).map(({ text }) => text)

test("whatever is edited: with nothing new it stays as it is edited", () => {
  fc.assert(
    fc.property(sections, edit, (of, operations) => {
      const mine = edited(body(notes(of)), operations)
      if (texts(mine).length > 0) expect(texts(body(notes(of), mine))).toEqual(texts(mine))
    }),
    { numRuns: 2_000 },
  )
})

test("whatever is edited and whatever is new: regenerating twice changes nothing", () => {
  fc.assert(
    fc.property(sections, edit, sections, (of, operations, next) => {
      const once = body(notes(next, ["ann"]), edited(body(notes(of)), operations))
      const again = body(notes(next, ["ann"]), once)
      // But for a remark, which whoever saved it has seen, and for blank lines, where no line is a person's any more.
      expect(texts(again)).toEqual(texts(once))
      expect(body(notes(next, ["ann"]), again)).toBe(again)
    }),
    { numRuns: 2_000 },
  )
})

test("whatever is new: no line of a person's is lost, and no change that is new", () => {
  fc.assert(
    fc.property(sections, edit, sections, (of, operations, next) => {
      const first = body(notes(of))
      const mine = edited(first, operations)
      const kept = texts(body(notes(next), mine))
      if (texts(mine).length === 0) return
      const ours = new Set(texts(first))
      for (const line of texts(mine).filter((text) => !ours.has(text))) expect(kept).toContain(line)
      const numbers = new Set(
        Object.values(of)
          .flat()
          .map((text) => text.split(" ")[0]),
      )
      for (const text of Object.values(next).flat()) {
        const [number, title] = text.split(" ")
        if (!numbers.has(number)) expect(kept).toContain(`- ${title} (#${number})`)
      }
    }),
    { numRuns: 2_000 },
  )
})
