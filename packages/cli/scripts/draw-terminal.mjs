// Draws what a terminal shows as an SVG picture: text with its colours, nothing else.
//
//   FORCE_COLOR=1 node dist/bin.js demo --once --fault cut_inside_event | node scripts/draw-terminal.mjs > docs/broken-stream.svg
import { text } from 'node:stream/consumers'

/** A change of style, such as `ESC [ 31 m`. */
const STYLE = new RegExp(`(${String.fromCharCode(27)}\\[\\d+m)`, 'g')
const CHARACTER_WIDTH = 8.4
const LINE_HEIGHT = 20
const MARGIN = 16
const COLOURS = { 31: '#ff7b72', 32: '#7ee787', 33: '#e3b341', 36: '#79c0ff' }

const lines = (await text(process.stdin)).trimEnd().split('\n')
const columns = Math.max(...lines.map((line) => plain(line).length))
const width = Math.ceil(columns * CHARACTER_WIDTH + 2 * MARGIN)
const height = lines.length * LINE_HEIGHT + 2 * MARGIN

process.stdout
  .write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}">
<rect width="100%" height="100%" rx="8" fill="#0d1117"/>
<g font-family="ui-monospace, 'SF Mono', Menlo, Consolas, 'DejaVu Sans Mono', monospace" font-size="14" fill="#e6edf3">
${lines.map(drawLine).join('\n')}
</g>
</svg>
`)

/** Each piece gets its own place and length: so the columns stand, whatever font there is. */
function drawLine(line, row) {
  const y = MARGIN + row * LINE_HEIGHT + 14
  let column = 0
  let style = ''
  const pieces = []
  for (const part of line.split(STYLE)) {
    const code = /^.\[(\d+)m$/.exec(part)?.[1]
    if (code !== undefined) style = styleOf(Number(code), style)
    else if (part !== '') {
      const x = MARGIN + column * CHARACTER_WIDTH
      const length = part.length * CHARACTER_WIDTH
      pieces.push(`<text x="${x.toFixed(1)}" y="${y}" textLength="${length.toFixed(1)}"${style}>${escape(part)}</text>`)
      column += part.length
    }
  }
  return pieces.filter((piece) => !/>\u00a0+<\/text>$/.test(piece)).join('')
}

function styleOf(code, style) {
  if (code === 0 || code === 39) return ''
  if (code === 22) return style.replace(/ (font-weight|opacity)="[^"]*"/g, '')
  if (code === 1) return `${style} font-weight="bold"`
  if (code === 2) return `${style} opacity="0.6"`
  return COLOURS[code] === undefined ? style : ` fill="${COLOURS[code]}"`
}

function plain(line) {
  return line.replace(STYLE, '')
}

function escape(part) {
  // SVG folds ordinary spaces.
  return part.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll(' ', '\u00a0')
}
