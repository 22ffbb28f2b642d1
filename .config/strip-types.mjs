// Jest transform: Node.js's own type stripping. It blanks the types out in place, so lines and columns stay true and no
// source map is needed.
import { stripTypeScriptTypes } from 'node:module'

export default { process: (code) => ({ code: stripTypeScriptTypes(code) }) }
