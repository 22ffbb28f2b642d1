import type { Product } from '../setting.ts'

export const vercel: Product = {
  id: 'vercel',
  name: 'Vercel',
  kind: 'hop',
  settings: [
    {
      topic: 'duration_limit',
      where: 'in the file of the route',
      snippet: 'export const maxDuration = 800',
      why: 'The time of a function counts until the last byte of its stream.',
      bites: '300 s with Fluid compute, 10 or 15 s without; 300 s at most on Hobby, 800 s on Pro.',
      since: 'Next.js 13.4.10',
      source: 'https://vercel.com/docs/functions/configuring-functions/duration',
      verified: 'documented',
    },
    {
      topic: 'first_byte',
      where: 'in the file of the route',
      snippet: "export const runtime = 'nodejs'",
      why: 'The Node.js runtime may think as long as `maxDuration` before its first byte.',
      bites: 'Functions of the Edge runtime must begin to answer within 25 s.',
      since: 'Next.js 13',
      source: 'https://vercel.com/docs/functions/runtimes/edge',
      verified: 'documented',
    },
  ],
  without: {
    buffering: 'It sends on what a function writes.',
    compression: 'It does not hold event streams back to compress them.',
    idle_timeout: 'It has no timer for silence of its own: `maxDuration` is what ends a stream.',
    error_page: 'Its own errors have their own status.',
    request_size: '4.5 MB for the body of a function, which cannot be changed.',
  },
}
