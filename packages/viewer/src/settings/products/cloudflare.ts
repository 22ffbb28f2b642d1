import type { Product, Setting } from '../setting.ts'

const LIMITS = 'https://developers.cloudflare.com/fundamentals/reference/connection-limits/'

const READ_TIMEOUT: Omit<Setting, 'topic' | 'why' | 'bites'> = {
  where: 'in a shell, with the zone and a token that may edit its settings; Enterprise only',
  snippet: `curl -X PATCH "https://api.cloudflare.com/client/v4/zones/$ZONE_ID/settings/proxy_read_timeout" \\
  -H "Authorization: Bearer $CLOUDFLARE_API_TOKEN" \\
  -H "Content-Type: application/json" \\
  --data '{"value": 600}'`,
  costs: 'An origin that hangs holds its connections as long.',
  source: LIMITS,
  verified: 'documented',
}

export const cloudflare: Product = {
  id: 'cloudflare',
  name: 'Cloudflare',
  kind: 'hop',
  settings: [
    {
      ...READ_TIMEOUT,
      topic: 'idle_timeout',
      why: 'It counts the silence of the origin. On other plans have the server send a comment (`: ping`) in time.',
      bites: '120 s without a byte end the answer.',
    },
    {
      ...READ_TIMEOUT,
      topic: 'first_byte',
      why: 'The same timer is for the wait for the headers, which ends as a 524.',
      bites: '120 s.',
    },
    {
      topic: 'compression',
      where: 'in the headers of the answer, at the origin',
      snippet: 'Cache-Control: no-cache, no-transform',
      why: '`no-transform` keeps Cloudflare from compressing the answer.',
      bites: 'It leaves text/event-stream alone, unless a Compression Rule names it.',
      source: 'https://developers.cloudflare.com/speed/optimization/content/compression/',
      verified: 'documented',
    },
  ],
  without: {
    buffering: 'It sends answers on as they come, unless Response Buffering (Enterprise) was turned on.',
    duration_limit: 'It has no timer for a whole answer.',
    error_page: 'Its own pages have their own status, 520 to 530.',
    request_size: '100 MB on Free and Pro, which is far above a prompt.',
  },
}
