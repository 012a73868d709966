/**
 * Outside text as one line. Control and bidirectional override characters could hide or reorder what stands around them;
 * line breaks become spaces.
 */
export const oneLine = (text: string): string =>
  text
    // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
    .replace(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]+/g, " ")
    .replace(/[\u202a-\u202e\u2066-\u2069\u200e\u200f]/g, "")
    .replace(/ {2,}/g, " ")
    .trim()
