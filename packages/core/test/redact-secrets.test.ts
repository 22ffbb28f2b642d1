import { describe, expect, it } from '@jest/globals'
import * as fc from 'fast-check'
import { redactSecrets, SECRET_PATTERNS } from '../src/raw-chunk/redact-secrets.ts'

// Built from parts, so that no scanner of this repository takes them for real.
const BODY = 'Ab3dEf6hIj9kLm2nOp5q'
const stars = (count: number): string => '*'.repeat(count)

const secrets: [name: string, text: string, redacted: string][] = [
  ['an OpenAI key', `sk-${BODY}`, `sk-${stars(20)}`],
  ['a project key', `sk-proj-${BODY}_-x`, `sk-${stars(28)}`],
  ['an Anthropic key', `"sk-ant-api03-${BODY}"`, `"sk-${stars(30)}"`],
  ['a key that the server has shortened', 'sk-abcde*****wxyz1', `sk-${stars(15)}`],
  ['an xAI key', `xai-${BODY}`, `xai-${stars(20)}`],
  ['a Groq key', `gsk_${BODY}`, `gsk_${stars(20)}`],
  ['a Hugging Face key', `hf_${BODY}`, `hf_${stars(20)}`],
  ['a key-… key', `key-${BODY}`, `key-${stars(20)}`],
  ['an AWS key', 'AKIAIOSFODNN7EXAMPLE', `AKIA${stars(16)}`],
  ['a Google key', `AIza${BODY}${BODY}`, `AIza${stars(40)}`],
  ['a JSON web token', `eyJ${BODY}.${BODY}.${BODY}`, `eyJ${stars(62)}`],
  ['a bearer token', `Authorization: Bearer ${BODY}`, `Authorization: Bearer ${stars(20)}`],
  ['a bearer token by itself', `got "bearer ${BODY}"`, `got "bearer ${stars(20)}"`],
  ['basic credentials', 'authorization: Basic dXNlcjpwYXNzd29yZA==', `authorization: Basic ${stars(20)}`],
  ['a header', `api-key: ${BODY}`, `api-key: ${stars(20)}`],
  ['a JSON field', `{"api_key":"${BODY}"}`, `{"api_key":"${stars(20)}"}`],
  ['a JSON field inside a string', `{\\"api_key\\": \\"${BODY}\\"}`, `{\\"api_key\\": \\"${stars(20)}\\"}`],
  ['a query parameter', `?api_key=${BODY}&x=1`, `?api_key=${stars(20)}&x=1`],
  ['hex after a name', 'client_secret=0123456789abcdef0123456789abcdef', `client_secret=${stars(32)}`],
  ['a token by name', `"access_token":"${BODY}"`, `"access_token":"${stars(20)}"`],
  ['a password', 'password: hunter2hunter2', `password: ${stars(14)}`],
  ['a password in a URL', 'https://bob:hunter2@host/x', `https://bob:${stars(7)}@host/x`],
  ['a key that a message quotes', `Incorrect API key provided: ${BODY}.`, `Incorrect API key provided: ${stars(21)}`],
  ['a key after an escaped line break', `"\\nsk-${BODY}\\n"`, `"\\nsk-${stars(20)}\\n"`],
  ['a slash that JSON escaped', '"secret":"abc1\\/defghij"', `"secret":"${stars(4)}\\/${stars(7)}"`],
  [
    'a private key',
    `-----BEGIN RSA PRIVATE KEY-----\\n${BODY}\\n${BODY}\\n-----END`,
    `-----BEGIN RSA PRIVATE KEY-----\\n${stars(20)}\\n${stars(20)}\\n-----END`,
  ],
]

const harmless: [name: string, text: string][] = [
  ['ids', '{"id":"chatcmpl-ABfw5EzoqmfXjnnsXY7Yd8OC6tb3c","call_id":"call_kA46f91ZwocQyMCKyyZqRyC5"}'],
  ['fingerprints', '"system_fingerprint":"fp_8802369eaa_prod0623_fp8_kvcache"'],
  ['token counts', '"prompt_tokens":12345678901,"total_tokens": 98765432100'],
  ['words that end like a prefix', 'a task-force-of-2024-members and risk-assessment-2024-final'],
  ['prose about authentication', 'Bearer authentication is required; the token: see documentation'],
  ['a URL', 'https://platform.openai.com:443/docs/guides/error-codes/api-errors'],
]

describe('secrets are replaced, whatever the mode', () => {
  it.each(secrets)('%s', (_name, text, redacted) => {
    expect(redactSecrets(text)).toBe(redacted)
  })
})

describe('what is no secret stays', () => {
  it.each(harmless)('%s', (_name, text) => {
    expect(redactSecrets(text)).toBe(text)
  })
})

const secretText = fc.constantFrom(...secrets.map(([, text]) => text))
const anyText = fc
  .array(
    fc.oneof(
      secretText,
      fc.string({ unit: 'binary' }),
      fc.constantFrom('sk-', 'Bearer ', '"token":"', '\\', '"', '://a:'),
    ),
  )
  .map((parts) => parts.join(''))

it('the length, the quotes, the backslashes and the line breaks stay', () => {
  fc.assert(
    fc.property(anyText, (text) => {
      const redacted = redactSecrets(text)
      expect(redacted).toHaveLength(text.length)
      expect(redacted.replaceAll(/[^"\\\n\r]/g, '.')).toBe(text.replaceAll(/[^"\\\n\r]/g, '.'))
    }),
  )
})

it('JSON stays JSON, also where a value begins with an escape', () => {
  const escaped = { '': '"token":"\u0000***********1' }
  expect(JSON.parse(redactSecrets(JSON.stringify(escaped)))).toEqual({ '': '"token":"\u0000************' })
  fc.assert(
    fc.property(fc.dictionary(fc.oneof(fc.string(), fc.constantFrom('api_key', 'token')), anyText), (value) => {
      expect(() => JSON.parse(redactSecrets(JSON.stringify(value)))).not.toThrow()
    }),
    { numRuns: 2000 },
  )
})

it('a secret is found wherever it stands in JSON, plain or as a string in a string', () => {
  fc.assert(
    fc.property(
      fc.lorem(),
      fc.constantFrom('sk-', 'gsk_', 'xai-', 'Bearer '),
      fc.boolean(),
      (prose, prefix, isNested) => {
        const inner = JSON.stringify({ content: `${prose}\n${prefix}${BODY}` })
        const text = isNested ? JSON.stringify({ arguments: inner }) : inner
        expect(redactSecrets(text)).not.toContain(BODY)
      },
    ),
  )
})

it('redacting twice changes nothing more', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(secretText, fc.lorem())), (parts) => {
      const text = parts.join(' ')
      const redacted = redactSecrets(text)
      expect(redactSecrets(redacted)).toBe(redacted)
    }),
  )
})

describe('time is linear by construction', () => {
  /** The quantifiers of a pattern without an upper limit, each with what follows it. */
  const openEnded = (source: string): string[] => {
    const withoutClasses = source.replaceAll(/\\./g, 'e').replaceAll(/\[(?:[^\]])*\]/g, 'c')
    return [...withoutClasses.matchAll(/(?:[*+]|\{\d+,\})/g)].map((match) =>
      withoutClasses.slice(match.index + match[0].length),
    )
  }
  it.each(SECRET_PATTERNS.map((pattern) => [pattern.source, pattern] as const))('%s', (source, pattern) => {
    expect(openEnded(source).filter((rest) => rest !== '')).toEqual([])
    const limits = [...source.matchAll(/\{\d+,(\d+)\}/g)].map((match) => Number(match[1]))
    expect(Math.max(0, ...limits)).toBeLessThanOrEqual(128)
    expect(pattern.global).toBe(true)
  })

  const adversaries = [
    'sk-',
    'sk-a',
    'Bearer ',
    'bearer\t',
    '"api_key":"',
    'token=',
    'eyJ',
    'a',
    '://a:',
    '://',
    '\\',
    ' ',
    '*',
    'authorization: a ',
    '-----BEGIN PRIVATE KEY-----',
    '_token',
    'A',
  ]
  it.each(adversaries)('a mebibyte of %j is done', (unit) => {
    const text = unit.repeat(Math.ceil(1_048_576 / unit.length))
    expect(redactSecrets(text)).toHaveLength(text.length)
  })
})
