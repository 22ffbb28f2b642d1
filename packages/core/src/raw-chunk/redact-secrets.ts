/** What a secret may be spelt with: the alphabets of base64, base64url and hex, with a slash that JSON escaped as `\/`. */
const SECRET = String.raw`(?:[\w.~+/=*-]|\\/)`
/** Not right behind a letter or digit, except the letter of an escape: `\nsk-…` in JSON is a line break and a key. */
const WORD_START = String.raw`(?<!(?<!\\)[A-Za-z0-9])`
/** Between a name and its value: `api-key: x`, `api_key=x`, `"api_key": "x"`, and the same inside a JSON string. */
const ASSIGNED = String.raw`["'\\]{0,4}[ \t]{0,4}(?:[:=]|%3[Dd])[ \t]{0,4}["'\\]{0,4}`

const KEY_PREFIXES = [
  'sk-|sk_|pk_|rk_|pk-|rk-', // OpenAI, Anthropic, OpenRouter, Stripe and everybody who copied them
  'key-|xai-|gsk_|hf_|nvapi-|pplx-|csk-|fw_|r8_|tgp_v1_|dop_v1_|glpat-|npm_|jina_|tvly-|lsv2_|ghp_|gho_|ghu_|ghs_',
  'ghr_|github_pat_|xox[a-z]-|ya29\\.|phc_|shpat_|sq0[a-z]{3}-',
].join('|')

const KEY_NAMES = [
  'api[ _-]?key(?: provided)?|apikey|access[_-]?key(?:[_-]?id)?|secret[_-]?(?:access[_-]?)?key|subscription[_-]key',
  'secret|[a-z]{0,12}[_-]?token|passw(?:or)?d|pwd|credentials?|private[_-]?key|signature|x-amz-(?:signature|credential)',
  'sig|session[_-]?(?:id|key)|cookie|auth[_-]?key|x-auth',
].join('|')

/**
 * What is replaced: all of a match but its first group.
 *
 * Time is linear by construction. In each pattern every quantifier has a small upper limit, except that the last one may
 * be open-ended; a match is thus found or given up within a fixed number of steps at any place, and what the last
 * quantifier eats is never looked at twice.
 *
 * @internal
 */
export const SECRET_PATTERNS: readonly RegExp[] = [
  new RegExp(`(-----BEGIN [A-Z ]{0,32}PRIVATE KEY-----)[\\w+/=\\s\\\\*]{16,}`, 'g'),
  new RegExp(`(://[^\\s/:@"\\\\]{1,64}:)[^\\s/@"\\\\]{1,128}(?=@)`, 'g'),
  new RegExp(
    `${WORD_START}((?:proxy-)?authorization${ASSIGNED}(?:[A-Za-z][\\w-]{0,31}[ \\t]{1,4})?)${SECRET}{8,}`,
    'gi',
  ),
  // A word such as "authentication" may follow `Bearer` in a message: a token has a digit early on.
  new RegExp(`${WORD_START}(bearer[ \\t]{1,4})(?=[A-Za-z._~+/=*-]{0,64}[0-9*])${SECRET}{8,}`, 'gi'),
  new RegExp(`${WORD_START}(${KEY_PREFIXES})(?=[A-Za-z_-]{0,64}[0-9*])${SECRET}{12,}`, 'g'),
  new RegExp(`${WORD_START}(eyJ)[\\w.*-]{16,}`, 'g'),
  new RegExp(`${WORD_START}(AKIA|ASIA)[A-Z0-9*]{12,}`, 'g'),
  new RegExp(`${WORD_START}(AIza)[\\w*-]{20,}`, 'g'),
  new RegExp(`((?:${KEY_NAMES})${ASSIGNED})(?=[A-Za-z._~+/=*-]{0,64}[0-9*])${SECRET}{8,}`, 'gi'),
]

/**
 * Replaces API keys, bearer tokens and other credentials by as many `*`, so that every offset stays true. A known prefix
 * (`sk-`, `Bearer `, `"api_key":"`) stays, to tell what stood there.
 *
 * It goes by what a secret looks like or is called; a secret whose beginning was cut off, or one without any mark, it
 * can't know. Quotes, backslashes and line breaks are never replaced, so JSON stays JSON. Linear time.
 */
export function redactSecrets(text: string): string {
  let redacted = text
  for (const pattern of SECRET_PATTERNS) redacted = redacted.replace(pattern, hideAllButPrefix)
  return redacted
}

function hideAllButPrefix(match: string, prefix: string): string {
  // Between a name and its value, what looks like quoting may be the backslash of an escape that begins the value.
  const isEscaped = /(?<!\\)(?:\\\\){0,2}\\$/.test(prefix)
  const escape = isEscaped ? (/^(?:u[0-9A-Fa-f]{4}|.)/.exec(match.slice(prefix.length))?.[0] ?? '') : ''
  const start = prefix + escape
  return start + match.slice(start.length).replace(/\\.|[^\s\\"']/g, (part) => (part.length > 1 ? part : '*'))
}
