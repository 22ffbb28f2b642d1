import { styleText } from 'node:util'

type Format = Parameters<typeof styleText>[0]

/** Colours a text where the terminal shows colours; `NO_COLOR` and pipes get it plain. */
export function paint(format: Format, text: string): string {
  return styleText(format, text, { stream: process.stdout })
}
