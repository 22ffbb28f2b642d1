import type { Product, Setting } from '../setting.ts'

const SSE = 'https://learn.microsoft.com/en-us/azure/api-management/how-to-server-sent-events'

const FORWARD: Omit<Setting, 'topic' | 'why' | 'bites' | 'source'> = {
  where: 'in the policy of the API, in `<backend>`, in place of what is there; not in the Consumption tier',
  snippet: '<forward-request timeout="240" buffer-response="false" />',
  verified: 'documented',
}

export const azureApiManagement: Product = {
  id: 'azure_api_management',
  name: 'Azure API Management',
  kind: 'hop',
  settings: [
    {
      ...FORWARD,
      topic: 'buffering',
      why: 'Each piece goes on when it comes. Turn off the logging of bodies and `validate-content` too, which buffer.',
      bites: '`buffer-response` is true: pieces wait until there are 8 kB.',
      source: SSE,
    },
    {
      ...FORWARD,
      topic: 'first_byte',
      why: 'It counts the wait for the headers, which ends as an error of the gateway.',
      bites: '300 s, of which the network below may honour 240.',
      source: 'https://learn.microsoft.com/en-us/azure/api-management/forward-request-policy',
    },
  ],
  without: {
    idle_timeout:
      'Its load balancer ends what is silent for 4 minutes, and cannot be set: have the server send a comment (`: ping`) in time.',
    compression: 'It does not compress answers by itself.',
    duration_limit: 'No limit but in the Consumption tier, which is not for streams.',
    error_page: 'It passes errors of the backend on, unless a policy handles them.',
    request_size: 'No limit that a prompt would reach.',
  },
}
