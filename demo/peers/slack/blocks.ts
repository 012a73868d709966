/**
 * Block Kit's documented limits, which the emulator does not hold: docs.slack.dev/reference/block-kit/blocks and
 * /block-elements, read in 2026. Lengths are in characters.
 */
const MOST = {
  blocks: 50,
  blockId: 255,
  sectionText: 3000,
  sectionFields: 10,
  sectionField: 2000,
  header: 150,
  actions: 25,
  context: 10,
  buttonText: 75,
  buttonValue: 2000,
  actionId: 255,
  url: 3000,
  altText: 2000,
  markdown: 12_000,
}

type Json = Record<string, unknown>

/** What Slack would refuse about the blocks of a message; empty for blocks that it takes. */
export function blockProblems(blocks: unknown): string[] {
  if (!Array.isArray(blocks)) return ["blocks must be a list"]
  const problems = blocks.flatMap((block, i) => oneBlock(block as Json).map((problem) => `${problem} [/blocks/${i}]`))
  if (blocks.length > MOST.blocks) problems.push(`no more than ${MOST.blocks} items allowed [/blocks]`)
  const ids = blocks.map((block) => (block as Json).block_id).filter((id) => id !== undefined)
  if (new Set(ids).size < ids.length) problems.push("block_id must be unique [/blocks]")
  return problems
}

function oneBlock(block: Json): string[] {
  const check = CHECKS[String(block.type)]
  if (!check) return [`unsupported type: ${String(block.type)}`]
  return [...length(block.block_id, MOST.blockId, "block_id", 0), ...check(block)]
}

const CHECKS: Record<string, (block: Json) => string[]> = {
  divider: () => [],
  rich_text: (block) => (Array.isArray(block.elements) ? [] : ["missing required field: elements"]),
  markdown: (block) => length(block.text, MOST.markdown, "text"),
  header: (block) => textObject(block.text, MOST.header, ["plain_text"]),
  image: (block) => [
    ...length(block.image_url, MOST.url, "image_url"),
    ...length(block.alt_text, MOST.altText, "alt_text"),
  ],
  section: (block) => {
    const fields = (block.fields ?? []) as unknown[]
    if (block.text === undefined && fields.length === 0) return ["a section needs text or fields"]
    return [
      ...(block.text === undefined ? [] : textObject(block.text, MOST.sectionText)),
      ...(fields.length > MOST.sectionFields ? [`no more than ${MOST.sectionFields} fields`] : []),
      ...fields.flatMap((field) => textObject(field, MOST.sectionField)),
      ...(block.accessory === undefined ? [] : element(block.accessory as Json)),
    ]
  },
  context: (block) => {
    const elements = (block.elements ?? []) as Json[]
    return [
      ...count(elements, MOST.context),
      ...elements.flatMap((item) => (item.type === "image" ? element(item) : textObject(item, MOST.sectionText))),
    ]
  },
  actions: (block) => {
    const elements = (block.elements ?? []) as Json[]
    const ids = elements.map((item) => item.action_id).filter((id) => id !== undefined)
    return [
      ...count(elements, MOST.actions),
      ...elements.flatMap(element),
      ...(new Set(ids).size < ids.length ? ["action_id must be unique within a block"] : []),
    ]
  },
}

function element(item: Json): string[] {
  if (item.type === "image") return length(item.alt_text, MOST.altText, "alt_text")
  if (item.type !== "button") return []
  return [
    ...textObject(item.text, MOST.buttonText, ["plain_text"]),
    ...length(item.action_id, MOST.actionId, "action_id", 0),
    ...length(item.url, MOST.url, "url", 0),
    ...(typeof item.url === "string" && !/^https?:\/\/[^\s<>|]+$/.test(item.url) ? ["url must be a valid URL"] : []),
    ...length(item.value, MOST.buttonValue, "value", 0),
    ...(item.style === undefined || item.style === "primary" || item.style === "danger" ? [] : ["invalid style"]),
  ]
}

function textObject(value: unknown, most: number, types = ["plain_text", "mrkdwn"]): string[] {
  const { type, text } = (value ?? {}) as Json
  if (!types.includes(String(type))) return [`text must be ${types.join(" or ")}`]
  return length(text, most, "text")
}

function length(value: unknown, most: number, name: string, least = 1): string[] {
  if (value === undefined && least === 0) return []
  if (typeof value !== "string") return [`${name} must be a string`]
  // Slack does not say whether a character beyond the first 65,536 counts once or twice: the stricter holds.
  const size = value.length
  if (size < Math.max(1, least)) return [`${name} must be more than 0 characters`]
  return size > most ? [`${name} must be less than ${most + 1} characters`] : []
}

function count(elements: unknown[], most: number): string[] {
  if (elements.length === 0) return ["elements must not be empty"]
  return elements.length > most ? [`no more than ${most} elements`] : []
}

/** A longer text is cut off: https://docs.slack.dev/reference/methods/chat.postMessage#truncating */
const TEXT_MOST = 40_000

/** What Slack would refuse, or not show whole, about a message's text. */
export const textProblems = (text: unknown): string[] =>
  typeof text === "string" && text.length > TEXT_MOST ? [`text must be at most ${TEXT_MOST} characters`] : []

/** What Slack would refuse about a message's metadata. */
export function metadataProblems(metadata: unknown): string[] {
  const { event_type: type, event_payload: payload } = (metadata ?? {}) as Json
  const problems: string[] = []
  if (typeof type !== "string" || !/^[\w.-]+$/.test(type))
    problems.push("metadata.event_type must be an alphanumeric name")
  if (typeof payload !== "object" || payload === null || Array.isArray(payload)) {
    problems.push("metadata.event_payload must be an object")
  }
  return problems
}
