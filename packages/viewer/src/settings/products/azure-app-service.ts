import type { Product } from '../setting.ts'

export const azureAppService: Product = {
  id: 'azure_app_service',
  name: 'Azure App Service',
  kind: 'hop',
  settings: [
    {
      topic: 'buffering',
      where: 'in web.config on Windows, as an attribute of the `<add>` in `<handlers>` that runs the app',
      snippet: 'responseBufferLimit="0"',
      why: 'IIS sends on what the app writes, instead of when its buffer is full.',
      bites: 'Up to 4 MiB are held back.',
      since: 'IIS 7.0',
      source: 'https://learn.microsoft.com/en-us/iis/configuration/system.webserver/handlers/add',
      verified: 'documented',
    },
    {
      topic: 'compression',
      where: 'in web.config on Windows, in `<system.webServer>`',
      snippet: '<urlCompression doDynamicCompression="false" />',
      why: 'What is compressed waits until there is enough to compress.',
      bites: 'On since IIS 7.5, where dynamic compression is installed.',
      costs: 'No other answer of the site is compressed on the fly either.',
      since: 'IIS 7.0',
      source: 'https://learn.microsoft.com/en-us/iis/configuration/system.webserver/urlcompression',
      verified: 'documented',
    },
  ],
  without: {
    idle_timeout:
      'Its load balancer ends what is silent for 230 s, and cannot be set: have the server send a comment (`: ping`) in time.',
    duration_limit: 'It has no timer for a whole answer.',
    first_byte: '230 s, which cannot be changed: answer with the headers at once.',
    error_page: 'It passes errors of the app on, unless `<httpErrors>` of IIS replaces them.',
    request_size: '`maxAllowedContentLength` of IIS, 30 MB by default, is far above a prompt.',
  },
}
