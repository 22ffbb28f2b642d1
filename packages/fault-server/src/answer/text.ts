import type { AnswerRequest, AnswerShape } from './answer.ts'
import type { Random } from './random.ts'

/** Words stand in for tokens; those of `unicode` have characters of two to four bytes, alone and joined. */
const ALPHABETS = {
  words:
    'the river rose slowly past an old gauge at noon while rain fell over quiet hills and every mark was read'.split(
      ' ',
    ),
  unicode: '水位 🌊 schön перед 👩‍🔬 流れ é 한강 🇨🇭 déjà'.split(' '),
}

/** Invents the pieces of a text; every piece but the first begins with a space, as tokens do. */
export const inventPieces = (random: Random, { text = 'words', pieces }: AnswerShape): readonly string[] =>
  Array.from({ length: pieces ?? 8 + random.below(8) }, (_, index) => {
    const word = random.pick(ALPHABETS[text])
    return index === 0 ? word : ` ${word}`
  })

/** The tool that answers call: its name, and its arguments in the pieces in which they arrive. */
export const TOOL_CALL = {
  name: 'read_gauge',
  argumentPieces: ['{"', 'station', '":"', 'Basel', '","', 'unit', '":"', 'cm', '"}'],
} as const

/** Whether the answer calls the tool: it does so once, and answers with text where the output has come. */
export const callsTool = ({ hasToolOutput }: AnswerRequest, { toolCall }: AnswerShape): boolean =>
  toolCall === true && !hasToolOutput

/** Counts that look like those of an answer with so many pieces of output. */
export const countTokens = (
  pieces: number,
): { readonly input: number; readonly output: number; readonly total: number } => ({
  input: 12,
  output: pieces,
  total: 12 + pieces,
})
