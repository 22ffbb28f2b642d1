/** Terminal columns that a text takes, control characters not expected: wide scripts and emoji take two. */
export function displayWidth(text: string): number {
  let width = 0
  for (const character of text) width += characterWidth(character)
  return width
}

/** As much of the beginning as fits into so many columns. */
export function takeStart(text: string, width: number): string {
  return take([...text], width).join('')
}

/** As much of the beginning as fits into so many columns, with a sign for the rest. */
export function keepStart(text: string, width: number): string {
  return displayWidth(text) <= width ? text : takeStart(text, width - 1) + MORE
}

/** As much of the end as fits into so many columns, with a sign for the rest. */
export function keepEnd(text: string, width: number): string {
  return displayWidth(text) <= width
    ? text
    : MORE +
        take([...text].toReversed(), width - 1)
          .toReversed()
          .join('')
}

/** As much of the beginning and of the end as fits into so many columns, with a sign for what is between: the end tells more. */
export function keepEnds(text: string, width: number): string {
  if (displayWidth(text) <= width) return text
  const start = takeStart(text, Math.floor(width / 4))
  return start + keepEnd(text.slice(start.length), width - displayWidth(start))
}

const MORE = '…'

function take(characters: readonly string[], width: number): readonly string[] {
  let taken = 0
  const end = characters.findIndex((character) => (taken += characterWidth(character)) > width)
  return end === -1 ? characters : characters.slice(0, end)
}

function characterWidth(character: string): number {
  if (/\p{Mark}|\u200d/u.test(character)) return 0
  return WIDE.test(character) ? 2 : 1
}

const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\u33ff\u3400-\u4dbf\u4e00-\u9fff\ua000-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]|\p{Emoji_Presentation}/u
