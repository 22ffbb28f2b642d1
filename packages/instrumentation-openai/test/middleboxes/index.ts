import type { Middlebox } from './middlebox.ts'
import { nginx } from './nginx.ts'

/** Every middlebox that is tried. */
export const MIDDLEBOXES: readonly Middlebox[] = [nginx]
