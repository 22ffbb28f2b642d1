import { describe, expect, it } from '@jest/globals'
import { findProxy } from '../../src/probe/find-proxy.ts'

type Environment = Readonly<Record<string, string>>

describe('findProxy', () => {
  it.each<readonly [string, string, Environment, string | undefined]>([
    ['none', 'https://a.example', {}, undefined],
    ['HTTPS_PROXY for https', 'https://a.example', { HTTPS_PROXY: 'http://p:1' }, 'http://p:1/ HTTPS_PROXY'],
    ['not HTTPS_PROXY for http', 'http://a.example', { HTTPS_PROXY: 'http://p:1' }, undefined],
    ['HTTP_PROXY for http', 'http://a.example', { HTTP_PROXY: 'p:1' }, 'http://p:1/ HTTP_PROXY'],
    ['ALL_PROXY for both', 'https://a.example', { ALL_PROXY: 'http://p:1' }, 'http://p:1/ ALL_PROXY'],
    [
      'lower case first',
      'https://a.example',
      { HTTPS_PROXY: 'http://p:1', https_proxy: 'http://q:2' },
      'http://q:2/ https_proxy',
    ],
    [
      'an empty one is none',
      'https://a.example',
      { https_proxy: '', HTTPS_PROXY: 'http://p:1' },
      'http://p:1/ HTTPS_PROXY',
    ],
    [
      'NO_PROXY by name',
      'https://a.example',
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'b.example, a.example' },
      undefined,
    ],
    ['NO_PROXY by domain', 'https://x.a.example', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '.a.example' }, undefined],
    [
      'NO_PROXY by port',
      'https://a.example:8443',
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a.example:8443' },
      undefined,
    ],
    [
      'not NO_PROXY by another port',
      'https://a.example',
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a.example:8443' },
      'http://p:1/ HTTPS_PROXY',
    ],
    [
      'not NO_PROXY by a part of the name',
      'https://aa.example',
      { HTTPS_PROXY: 'http://p:1', NO_PROXY: 'a.example' },
      'http://p:1/ HTTPS_PROXY',
    ],
    ['NO_PROXY for all', 'https://a.example', { HTTPS_PROXY: 'http://p:1', NO_PROXY: '*' }, undefined],
    ['NO_PROXY by address', 'http://[::1]:1', { HTTP_PROXY: 'http://p:1', NO_PROXY: '::1' }, undefined],
    ['another kind of proxy', 'https://a.example', { HTTPS_PROXY: 'socks5://p:1' }, 'invalid HTTPS_PROXY'],
    ['no URL', 'https://a.example', { HTTPS_PROXY: 'http://p:x' }, 'invalid HTTPS_PROXY'],
  ])('%s', (_, url, env, expected) => {
    const found = findProxy(new URL(url), env)
    const shown =
      found === undefined
        ? undefined
        : 'invalid' in found
          ? `invalid ${found.invalid}`
          : `${found.url.href} ${found.variable}`
    expect(shown).toBe(expected)
  })
})
